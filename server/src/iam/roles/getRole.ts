import { named, requireEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { roleLastUsed } from './role-last-used.ts'
import { roleType } from './role-type.ts'

export const getRole = operation('GetRole', async (context, { input }) => {
  const role = await requireEntity(context.db, named('role', input.RoleName))
  return { Role: roleType(context.config.accountId, role, await roleLastUsed(context, role)) }
})
