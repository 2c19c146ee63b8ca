import { moveAccessKeys } from '../access-keys/access-key-store.ts'
import { named, requireEntity } from '../entity-changes.ts'
import { moveUserMemberships } from '../groups/membership-store.ts'
import { moveEntity } from '../move-entity.ts'
import { operation } from '../operation.ts'

/** Changes the name or path. Access keys, groups, policies and the unique id stay the same. */
export const updateUser = operation('UpdateUser', async (context, { input }) => {
  const reference = named('user', input.UserName)
  const move = { name: input.NewUserName, path: input.NewPath }
  if (move.name === undefined && move.path === undefined) return void (await requireEntity(context.db, reference))
  await moveEntity(context, reference, move, async (db, from, to) => {
    await moveUserMemberships(db, from.key, to.key, from.settings.groups)
    return moveAccessKeys(db, from.key, to.key)
  })
})
