import { type Metadata, metadata, type Texts, trigger } from '../trigger.ts'

export interface PreSignUpRequest {
  /** Without sub. */
  userAttributes: Texts
  /** ValidationData of the request, which goes to this trigger alone. */
  validationData: Texts | undefined
  clientMetadata: Metadata
}

export interface PreSignUpAnswer {
  autoConfirmUser: boolean
  autoVerifyEmail: boolean
  autoVerifyPhone: boolean
}

/** Before a user is made: may refuse, confirm and verify. */
export const preSignUp = trigger<'PreSignUp_SignUp' | 'PreSignUp_AdminCreateUser' | 'PreSignUp_ExternalProvider'>()({
  name: 'PreSignUp',
  event: ({ userAttributes, validationData, clientMetadata }: PreSignUpRequest) => ({
    request: { userAttributes, validationData: validationData ?? null, ...metadata(clientMetadata) },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  }),
  answer: (response): PreSignUpAnswer => ({
    autoConfirmUser: response.boolean('autoConfirmUser') ?? false,
    autoVerifyEmail: response.boolean('autoVerifyEmail') ?? false,
    autoVerifyPhone: response.boolean('autoVerifyPhone') ?? false,
  }),
})
