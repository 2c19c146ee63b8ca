// Renaming a group in its members' rows. Users hold the keys of their groups in their own rows, so that an
// authorization decision reads one row. All users of the account may be members; renames are rare.
import { Stale } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import { findEntities, updateEntity } from '../entity-store.ts'
import { entityQuotas } from '../limits.ts'
import { listMembers, moveGroupMemberships } from './membership-store.ts'

const USERS_AT_ONCE = 200

/** In a transaction that has written the group's row. Returns the keys of the members. */
export async function renameInMembers(db: Db, fromKey: string, toKey: string, now: number): Promise<string[]> {
  const members = await listMembers(db, fromKey, undefined, entityQuotas.user.max)
  for (let at = 0; at < members.length; at += USERS_AT_ONCE) {
    const keys = members.slice(at, at + USERS_AT_ONCE)
    const users = await findEntities(db, 'user', keys)
    if (users.length < keys.length) throw new Stale()
    for (const user of users) {
      const groups = user.settings.groups.map((key) => (key === fromKey ? toKey : key))
      if (!(await updateEntity(db, user, { ...user.settings, groups }, now))) throw new Stale()
    }
  }
  await moveGroupMemberships(db, fromKey, toKey, members)
  return members
}
