import { named, requireEntity } from '../entity-changes.ts'
import { moveEntity } from '../move-entity.ts'
import { operation } from '../operation.ts'
import { renameInMembers } from './rename-in-members.ts'

/** Changes the name or path. Members, policies and the unique id stay the same. */
export const updateGroup = operation('UpdateGroup', async (context, { input }) => {
  const reference = named('group', input.GroupName)
  const move = { name: input.NewGroupName, path: input.NewPath }
  if (move.name === undefined && move.path === undefined) return void (await requireEntity(context.db, reference))
  await moveEntity(context, reference, move, (db, from, to) =>
    renameInMembers(db, from.key, to.key, context.clock.now()),
  )
})
