// What adding and removing a member share: the group's row is written before the user's, so that a rival that deletes or
// renames the group, and one that deletes or renames the user, meet this change at a row.
import type { Context } from '../../context.ts'
import { Stale } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import { changeEntity, named, requireEntity } from '../entity-changes.ts'
import { touchEntity } from '../entity-store.ts'
import type { Group, User } from '../entity-types.ts'

/** `decide` gives the keys of the user's groups from now on; those it was given change nothing. */
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
