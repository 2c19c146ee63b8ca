import { type Metadata, metadata, type Texts, trigger } from '../trigger.ts'
import { CODE_PARAMETER, type CustomWords, LINK_PARAMETER, USERNAME_PARAMETER } from './custom-words-rules.ts'

export interface CustomMessageRequest {
  userAttributes: Texts
  /** Whether the message tells a username: an administrator's invitation. */
  namesUser: boolean
  clientMetadata: Metadata
}

/** Before a message is sent: its words. */
export const customMessage = trigger<
  | 'CustomMessage_SignUp'
  | 'CustomMessage_AdminCreateUser'
  | 'CustomMessage_ResendCode'
  | 'CustomMessage_ForgotPassword'
  | 'CustomMessage_UpdateUserAttribute'
  | 'CustomMessage_VerifyUserAttribute'
  | 'CustomMessage_Authentication'
>()({
  name: 'CustomMessage',
  event: ({ userAttributes, namesUser, clientMetadata }: CustomMessageRequest) => ({
    request: {
      userAttributes,
      codeParameter: CODE_PARAMETER,
      linkParameter: LINK_PARAMETER,
      usernameParameter: namesUser ? USERNAME_PARAMETER : null,
      ...metadata(clientMetadata),
    },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  }),
  answer: (response): CustomWords => ({
    smsMessage: response.text('smsMessage'),
    emailMessage: response.text('emailMessage'),
    emailSubject: response.text('emailSubject'),
  }),
})
