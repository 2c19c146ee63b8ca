import { authorize } from '../../authorization/authorize.ts'
import { named, requireEntity } from '../entity-changes.ts'
import { moved, moveEntity } from '../move-entity.ts'
import { operation } from '../operation.ts'
import { entityResource } from '../resource.ts'
import { renameInMembers } from './rename-in-members.ts'

/** A new name or path. Members, policies and the unique id stay the group's. */
export const updateGroup = operation('UpdateGroup', async (context, { input, caller }) => {
  const reference = named('group', input.GroupName)
  const move = { name: input.NewGroupName, path: input.NewPath }
  if (move.name === undefined && move.path === undefined) return void (await requireEntity(context.db, reference))
  // Whoever may change one group must not be able to make it another one that he may not touch.
  const target = moved(await requireEntity(context.db, reference), move)
  await authorize(context, caller, {
    action: 'iam:UpdateGroup',
    resource: entityResource(context.config.accountId, target),
    input: { ...input },
  })
  await moveEntity(context, reference, move, (db, from, to) =>
    renameInMembers(db, from.key, to.key, context.clock.now()),
  )
})
