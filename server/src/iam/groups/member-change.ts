// What adding and removing a member share: the rows of the group and then of the user are written, so that a
// concurrent request that deletes or renames either conflicts.
import type { Context } from '../../context.ts'
import { Stale } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import { changeEntity, named, requireEntity } from '../entity-changes.ts'
import { touchEntity } from '../entity-store.ts'
import type { Group, User } from '../entity-types.ts'

/** Writes the group keys that `decide` returns for the user; nothing when it returns those it was given. */
export async function changeMembership(
  context: Context,
  { UserName, GroupName }: { UserName: string; GroupName: string },
  decide: (user: User, group: Group, db: Db) => Promise<string[]>,
): Promise<void> {
  await changeEntity(context, named('user', UserName), async (user, db) => {
    const group = await requireEntity(db, named('group', GroupName))
    if (!(await touchEntity(db, group))) throw new Stale()
    const groups = await decide(user, group, db)
    return groups === user.settings.groups ? user.settings : { ...user.settings, groups }
  })
}
