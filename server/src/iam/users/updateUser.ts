import { authorize } from '../../authorization/authorize.ts'
import { moveAccessKeys } from '../access-keys/access-key-store.ts'
import { named, requireEntity } from '../entity-changes.ts'
import { moveUserMemberships } from '../groups/membership-store.ts'
import { moved, moveEntity } from '../move-entity.ts'
import { operation } from '../operation.ts'
import { entityResource } from '../resource.ts'

/** A new name or path. Access keys, groups, policies and the unique id stay the user's. */
export const updateUser = operation('UpdateUser', async (context, { input, caller }) => {
  const reference = named('user', input.UserName)
  const move = { name: input.NewUserName, path: input.NewPath }
  if (move.name === undefined && move.path === undefined) return void (await requireEntity(context.db, reference))
  // Whoever may change one user must not be able to make it another one that he may not touch.
  const target = moved(await requireEntity(context.db, reference), move)
  await authorize(context, caller, {
    action: 'iam:UpdateUser',
    resource: entityResource(context.config.accountId, target),
    input: { ...input },
  })
  await moveEntity(context, reference, move, async (db, from, to) => {
    await moveUserMemberships(db, from.key, to.key, from.settings.groups)
    return moveAccessKeys(db, from.key, to.key)
  })
})
