import { listByPath } from '../list-by-path.ts'
import { operation } from '../operation.ts'
import { listedUser } from './user-type.ts'

/** In the order of path and name; without tags and boundaries (docs/reference/identity-pools-sts-iam-sync.md 18.3). */
export const listUsers = operation('ListUsers', async (context, { input }) => {
  const { entries, end } = await listByPath(context, 'ListUsers', 'user', input)
  return { Users: entries.map((user) => listedUser(context.config.accountId, user)), ...end }
})
