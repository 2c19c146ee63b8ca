import { hasAccessKeys } from '../access-keys/access-key-store.ts'
import { named, removeEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { releaseBoundary } from '../policies/boundaries.ts'
import { refuseWithPolicies } from '../policies/holders.ts'

/**
 * Keys, policies and groups have to be removed before; the boundary is removed with the user (texts:
 * docs/behaviour/iam.md).
 */
export const deleteUser = operation('DeleteUser', async (context, { input, fail }) => {
  await removeEntity(context, named('user', input.UserName), async (user, db) => {
    refuseWithPolicies(user)
    if (await hasAccessKeys(db, user.key))
      throw fail('DeleteConflictException', 'Cannot delete entity, must delete access keys first.')
    if (user.settings.groups.length > 0)
      throw fail('DeleteConflictException', 'Cannot delete entity, must remove users from group first.')
    await releaseBoundary(context, user, db)
  })
})
