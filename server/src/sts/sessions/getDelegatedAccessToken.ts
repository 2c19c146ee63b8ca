import { operation } from '../operation.ts'

/** Always refused: trade-in tokens come from delegation requests between accounts, which do not exist here. */
export const getDelegatedAccessToken = operation('GetDelegatedAccessToken', async (_context, { fail }) => {
  throw fail(
    'AccessDenied',
    'GetDelegatedAccessToken needs a delegation request of IAM, which Cognomen does not have: no trade-in token is valid.',
  )
})
