import { operation } from '../operation.ts'
import { openAuthorizationMessage } from './authorization-message.ts'

/** Encoded messages come with denials of the gate. */
export const decodeAuthorizationMessage = operation('DecodeAuthorizationMessage', async (context, { input, fail }) => {
  const DecodedMessage = openAuthorizationMessage(context.sealer, input.EncodedMessage, context.config.accountId)
  if (DecodedMessage === undefined) throw fail('InvalidAuthorizationMessageException', 'Message is not valid')
  return { DecodedMessage }
})
