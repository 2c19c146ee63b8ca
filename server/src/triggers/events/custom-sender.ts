import { type Metadata, metadata, type Texts, trigger } from '../trigger.ts'

/** What caused the message: the part of a source after CustomEmailSender_ or CustomSMSSender_. */
export type SenderOccasion =
  | 'SignUp'
  | 'Authentication'
  | 'ResendCode'
  | 'ForgotPassword'
  | 'UpdateUserAttribute'
  | 'VerifyUserAttribute'
  | 'AdminCreateUser'
  | 'AccountTakeOverNotification'

export interface CustomSenderRequest {
  /** The code or temporary password as a message of the AWS Encryption SDK, in base64; none in a notification. */
  code: string | null
  /** Of AccountTakeOverNotification: what the placeholders of NotifyConfiguration stand for. Beyond Cognito. */
  notification?: Texts
  userAttributes: Texts
  clientMetadata: Metadata
}

/** Sends a message in place of this server; nobody waits for its answer (docs/reference/user-pools.md 13.1). */
const sender = <Name extends 'CustomEmailSender' | 'CustomSMSSender'>(name: Name, type: string) =>
  trigger<`${Name}_${SenderOccasion}`>()({
    name,
    event: ({ code, userAttributes, clientMetadata, notification }: CustomSenderRequest) => ({
      request: { type, code, ...metadata(clientMetadata), userAttributes, ...(notification && { notification }) },
      response: {},
    }),
    answer: () => ({}),
  })

export const customEmailSender = sender('CustomEmailSender', 'customEmailSenderRequestV1')
export const customSmsSender = sender('CustomSMSSender', 'customSMSSenderRequestV1')
