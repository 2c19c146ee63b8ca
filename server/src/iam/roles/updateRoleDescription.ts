import { changeEntity, named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { describedRole } from './role-type.ts'

/** The older form of UpdateRole, which answers with the role. */
export const updateRoleDescription = operation('UpdateRoleDescription', async (context, { input }) => {
  const role = await changeEntity(context, named('role', input.RoleName), ({ settings }) => ({
    ...settings,
    description: input.Description,
  }))
  return { Role: describedRole(context.config.accountId, role) }
})
