import { listByPath } from '../list-by-path.ts'
import { operation } from '../operation.ts'
import { listedRole } from './role-type.ts'

/** In the order of path and name. */
export const listRoles = operation('ListRoles', async (context, { input }) => {
  const { entries, end } = await listByPath(context, 'ListRoles', 'role', input)
  return { Roles: entries.map((role) => listedRole(context.config.accountId, role)), ...end }
})
