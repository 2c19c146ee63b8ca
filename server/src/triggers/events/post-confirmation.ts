import { type Metadata, metadata, type Texts, trigger } from '../trigger.ts'

export interface PostConfirmationRequest {
  /** With sub and cognito:user_status. */
  userAttributes: Texts
  clientMetadata: Metadata
}

/** After a user was confirmed, or has set a forgotten password. Its failure is told, and undoes nothing. */
export const postConfirmation = trigger<'PostConfirmation_ConfirmSignUp' | 'PostConfirmation_ConfirmForgotPassword'>()({
  name: 'PostConfirmation',
  event: ({ userAttributes, clientMetadata }: PostConfirmationRequest) => ({
    request: { userAttributes, ...metadata(clientMetadata) },
    response: {},
  }),
  answer: () => ({}),
})
