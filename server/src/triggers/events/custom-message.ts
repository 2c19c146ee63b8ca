import { type Metadata, metadata, type Texts, trigger } from '../trigger.ts'

export interface CustomMessageRequest {
  userAttributes: Texts
  /** Whether the message tells a username: an administrator's invitation. */
  namesUser: boolean
  clientMetadata: Metadata
}

/** Words for a message; undefined ones are the pool's own. */
export interface CustomWords {
  smsMessage: string | undefined
  emailMessage: string | undefined
  emailSubject: string | undefined
}

/** What stands for the code, the username and a link in the words of a message. */
export const CODE_PARAMETER = '{####}'
export const USERNAME_PARAMETER = '{username}'
export const LINK_PARAMETER = '{##Click Here##}'

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
