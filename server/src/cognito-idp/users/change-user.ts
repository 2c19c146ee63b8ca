// How users are written: prepare first, then write. `prepare` decides the change; it has no database handle, so it may
// be slow (it words and seals messages and calls Lambda triggers). The transaction that follows contains only
// statements, as on SQLite it blocks all other writers. It compares the user's version with the one that `prepare` was
// given (optimistic locking); after a conflict both steps are repeated. The statements are user-store.ts.
import { BudgetSpent } from '../../budgets/budgets.ts'
import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import { logoutNotices } from '../sessions/logout-notices.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { deleteUser, findUserBySub, insertUser, replaceUser, type StoredUser } from './user-store.ts'

/** What one transaction writes for a user. */
export interface UserPlan {
  /** The user to be written. The very object that `prepare` was given means that the user does not change. */
  user: StoredUser
  /** Statements before the write of the user's row, such as taking aliases from others or spending a session. */
  before?: (db: Db) => Promise<void>
  /** Statements after the write of the user's row, such as writing codes and messages or spending a code. */
  after?: (db: Db) => Promise<void>
}

/**
 * Changes `known`, a user that was just read. `prepare` gets the stored user and returns the plan; it may throw an
 * ApiError. It runs again only after a conflict with a request that changed the user's content; a new version of the
 * same content (touchUser) is not a change. The plan's `before` and `after` may run several times; they may throw an
 * ApiError to abort, or Stale to roll back and retry. A plan that keeps the user and has no statements writes nothing.
 * Returns the user as now stored, or undefined when it was deleted. Throws NameTaken (see replaceUser).
 */
export function changeUser(
  context: Pick<Context, 'db' | 'database' | 'clock'>,
  pool: UserPool,
  known: StoredUser,
  prepare: (user: StoredUser) => UserPlan | Promise<UserPlan>,
): Promise<StoredUser | undefined> {
  let prepared: { from: StoredUser; plan: UserPlan } | undefined
  const attempt = async (): Promise<StoredUser | undefined> => {
    const user = prepared ? await findUserBySub(context.db, pool.id, known.sub) : known
    if (!user) return undefined
    if (!prepared || !sameContent(prepared.from, user)) prepared = { from: user, plan: await prepare(user) }
    const { from, plan } = prepared
    const kept = plan.user === from
    if (kept && !plan.before && !plan.after) return user
    // Even if the user does not change its version rises, so that the plan's statements conflict with other changes.
    const after = kept ? user : { ...plan.user, updatedAt: context.clock.now() }
    await context.database.transaction(async (db) => {
      await plan.before?.(db)
      if (!(await replaceUser(db, pool, user, after))) throw new Stale()
      await plan.after?.(db)
    })
    return { ...after, version: user.version + 1 }
  }
  return withRetries(attempt, { row: `${pool.id} ${known.sub}` })
}

/** Writes a new user with the statements of a plan, and counts it. Throws NameTaken (see insertUser). */
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

/**
 * Deletes a user with every row that belongs to it, and has applications told that the user's sessions have ended; false when it
 * was deleted already or, where a version is given, has another one by now.
 */
export async function removeUser(
  context: Pick<Context, 'database' | 'userCounts' | 'clock'>,
  pool: UserPool,
  user: Pick<StoredUser, 'sub' | 'userPoolId'>,
  version?: number,
): Promise<boolean> {
  const tell = logoutNotices(context, { pool, sub: user.sub, withUser: true })
  const removed = await context.database
    .transaction(async (db) => {
      // While it is known which applications they are.
      await tell?.(db)
      if (!(await deleteUser(db, pool, user.sub, version))) throw new Kept()
      return true
    })
    .catch((error) => {
      if (error instanceof Kept) return false
      throw error
    })
  if (removed) context.userCounts.add(user.userPoolId, -1)
  return removed
}

/** Rolls back what was written for a user who stays. */
class Kept extends Error {}

/**
 * The result of `preparing` as a function, which throws what `preparing` rejected with. Called in the plan's `after`,
 * it makes a taken name (found by the statements before) the first error that is reported. A spent budget does not wait
 * for that: it rejects at once.
 */
export async function refusedLater<T>(preparing: Promise<T>): Promise<() => T> {
  try {
    const prepared = await preparing
    return () => prepared
  } catch (error) {
    if (error instanceof BudgetSpent) throw error
    return () => {
      throw error
    }
  }
}

/** Whether two reads of a user differ in nothing but version and time of change. */
const sameContent = (one: StoredUser, other: StoredUser): boolean => contentOf(one) === contentOf(other)

const contentOf = (user: StoredUser): string => JSON.stringify({ ...user, version: 0, updatedAt: 0 })
