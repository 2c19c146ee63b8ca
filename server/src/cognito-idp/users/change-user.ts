// How users are written: prepare first, then write. What a change says and sends is made by `prepare`, which has no database
// handle, so it may take its time (messages are worded and sealed there; Lambda triggers will be asked there). The
// transaction that follows is nothing but statements, since on SQLite all others wait for it. It compares the version of
// the user that `prepare` was shown; when a rival changed the user meanwhile, all of it is done again.
import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { deleteUser, findUserBySub, insertUser, replaceUser, type StoredUser } from './user-store.ts'

/** What is to be written of a user, in one transaction. */
export interface UserPlan {
  /** The user as it shall become. The very user that `prepare` was given: as it is. */
  user: StoredUser
  /** Statements that come before the user's own row: names are made free, a session is used up. */
  before?: (db: Db) => Promise<void>
  /** Statements that come after it: codes and messages, a code is used up. */
  after?: (db: Db) => Promise<void>
}

/**
 * Changes `known`, a user that was just read. `prepare` is shown the user as stored and plans what becomes of it; it may
 * throw an ApiError. It runs again only when a rival has changed the user meanwhile; another version of the same
 * content (touchUser) is no change. `before` and `after` of its plan may run several times; they throw an ApiError or
 * Stale to undo everything. A plan that keeps the user as it is and has no statements writes nothing.
 * Answers the user as it now is, or undefined when it is gone. Throws NameTaken (see replaceUser).
 */
export function changeUser(
  context: Pick<Context, 'db' | 'database' | 'clock'>,
  pool: UserPool,
  known: StoredUser,
  prepare: (user: StoredUser) => UserPlan | Promise<UserPlan>,
): Promise<StoredUser | undefined> {
  let prepared: { from: StoredUser; plan: UserPlan } | undefined
  return withRetries(async () => {
    const user = prepared ? await findUserBySub(context.db, pool.id, known.sub) : known
    if (!user) return undefined
    if (!prepared || !sameContent(prepared.from, user)) prepared = { from: user, plan: await prepare(user) }
    const { from, plan } = prepared
    const kept = plan.user === from
    if (kept && !plan.before && !plan.after) return user
    // A user that is kept gets another version all the same: what is written with it rests on it.
    const after = kept ? user : { ...plan.user, updatedAt: context.clock.now() }
    await context.database.transaction(async (db) => {
      await plan.before?.(db)
      if (!(await replaceUser(db, pool, user, after))) throw new Stale()
      await plan.after?.(db)
    })
    return { ...after, version: user.version + 1 }
  })
}

/** Writes a new user by a plan: as changeUser, where no user is yet. Throws NameTaken (see insertUser). */
export async function addUser(
  context: Pick<Context, 'database' | 'userCounts'>,
  pool: UserPool,
  { user, before, after }: UserPlan,
): Promise<void> {
  await withRetries(() =>
    context.database.transaction(async (db) => {
      await before?.(db)
      await insertUser(db, pool, user)
      await after?.(db)
    }),
  )
  context.userCounts.add(pool.id, 1)
}

/** Removes a user with everything that hangs on it; false when it was gone already. */
export async function removeUser(
  context: Pick<Context, 'database' | 'userCounts'>,
  pool: UserPool,
  user: StoredUser,
): Promise<boolean> {
  const removed = await context.database.transaction((db) => deleteUser(db, pool, user.sub))
  if (removed) context.userCounts.add(user.userPoolId, -1)
  return removed
}

/**
 * What was prepared for a new user, as a function. What the preparation was refused with is thrown by that function, in
 * `after`, since a name that is taken is told first.
 */
export async function refusedLater<T>(preparing: Promise<T>): Promise<() => T> {
  try {
    const prepared = await preparing
    return () => prepared
  } catch (error) {
    return () => {
      throw error
    }
  }
}

/** Whether two reads of a user say the same; every write gives it another version. */
const sameContent = (one: StoredUser, other: StoredUser): boolean => contentOf(one) === contentOf(other)

const contentOf = (user: StoredUser): string => JSON.stringify({ ...user, version: 0, updatedAt: 0 })
