// ForceAliasCreation: takes a verified address or number as an alias from the user that holds it, for another user.
// docs/reference/user-pools.md 5.2.
import type { Context } from '../../context.ts'
import { Stale } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import { hasUsernameAttributes } from '../user-pools/pool-settings.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { namesOf } from './user-name-rules.ts'
import { findNameHolder, findUserBySub, replaceUser, type StoredUser } from './user-store.ts'

/**
 * Takes the aliases that `user` is about to hold from the users who hold them now; these keep the attribute,
 * unverified. Usernames are not taken, nor are addresses in pools with username attributes. Statements only, for
 * UserPlan.before of the transaction that writes `user`; throws Stale.
 */
export async function takeAliases(context: Context, db: Db, pool: UserPool, user: StoredUser): Promise<void> {
  if (hasUsernameAttributes(pool.settings)) return
  for (const { kind, key } of namesOf(pool.settings, user)) {
    if (kind !== 'email' && kind !== 'phone_number') continue
    const holder = await findNameHolder(db, pool.id, key)
    if (!holder || holder.sub === user.sub || holder.kind !== kind) continue
    const other = await findUserBySub(db, pool.id, holder.sub)
    if (!other) throw new Stale()
    const after = {
      ...other,
      attributes: { ...other.attributes, [`${kind}_verified`]: 'false' },
      updatedAt: context.clock.now(),
    }
    if (!(await replaceUser(db, pool, other, after))) throw new Stale()
  }
}
