import { operation } from '../operation.ts'

/** For member accounts of an organization; here is one account. */
export const assumeRoot = operation('AssumeRoot', async (_context, { fail }) => {
  throw fail('AccessDenied', 'AssumeRoot needs an organization with member accounts, which Cognomen does not have.')
})
