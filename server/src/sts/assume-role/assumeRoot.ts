import { operation } from '../operation.ts'

/** Always refused: it is for member accounts of an organization, and a server has one account. */
export const assumeRoot = operation('AssumeRoot', async (_context, { fail }) => {
  throw fail('AccessDenied', 'AssumeRoot needs an organization with member accounts, which Cognomen does not have.')
})
