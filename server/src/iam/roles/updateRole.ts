import { changeEntity, named } from '../entity-changes.ts'
import { protectedRoleError } from '../iam-errors.ts'
import { operation } from '../operation.ts'
import { isServiceLinked } from '../policies/holders.ts'

/** Members that are not given stay the same. Of a service-linked role only the description can be changed. */
export const updateRole = operation('UpdateRole', async (context, { input }) => {
  const { RoleName, Description, MaxSessionDuration } = input
  await changeEntity(context, named('role', RoleName), ({ settings }) => {
    if (MaxSessionDuration !== undefined && isServiceLinked(settings)) throw protectedRoleError(settings.name)
    return {
      ...settings,
      ...(Description !== undefined && { description: Description }),
      ...(MaxSessionDuration !== undefined && { maxSessionSeconds: MaxSessionDuration }),
    }
  })
  return {}
})
