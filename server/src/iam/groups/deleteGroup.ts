import { named, removeEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { refuseWithPolicies } from '../policies/holders.ts'
import { listMembers } from './membership-store.ts'

/** Members and policies have to be removed before (texts: docs/behaviour/iam.md). */
export const deleteGroup = operation('DeleteGroup', async (context, { input, fail }) => {
  await removeEntity(context, named('group', input.GroupName), async (group, db) => {
    const [member] = await listMembers(db, group.key, undefined, 1)
    if (member !== undefined)
      throw fail('DeleteConflictException', 'Cannot delete entity, must remove users from group first.')
    refuseWithPolicies(group)
  })
})
