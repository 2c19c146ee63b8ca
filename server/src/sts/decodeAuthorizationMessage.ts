import { operation } from './operation.ts'

/** Encoded messages come with denials of other services of AWS; none of those here sends one, so no message is ours. */
export const decodeAuthorizationMessage = operation('DecodeAuthorizationMessage', async (_context, { fail }) => {
  throw fail('InvalidAuthorizationMessageException', 'Message is not valid')
})
