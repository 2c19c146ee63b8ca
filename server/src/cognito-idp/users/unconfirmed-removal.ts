// Removes users who signed up and were never confirmed, some days after their sign-up (UNCONFIRMED_USER_DAYS; off unless
// set): each of them holds a username that its owner may want. A round goes over all pools once an hour, in one process.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import { userDeleted } from '../../events.ts'
import type { Queue } from '../../jobs/queue.ts'
import { listPools, type UserPool } from '../user-pools/pool-store.ts'
import { removeUser } from './change-user.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS
const AT_ONCE = 200

type Parts = Pick<Context, 'database' | 'clock' | 'userCounts' | 'log' | 'metrics'> & {
  config: Pick<Context['config'], 'regions' | 'unconfirmedUserDays'>
}

/** The queue of the rounds. A round that a stop interrupts begins anew; what it removed does not come back. */
export const unconfirmedRemovals = (context: Parts): Queue => ({
  name: 'unconfirmed-removal',
  slots: 1,
  standing: 'unconfirmed-removal',
  async run(_job, lease) {
    const { clock, config } = context
    if (config.unconfirmedUserDays > 0) {
      const before = clock.now() - config.unconfirmedUserDays * DAY_MS
      for await (const pool of allPools(context)) await removeOfPool(context, pool, before, lease.stopping)
    }
    return lease.stopping.aborted ? lease.repeat(clock.now()) : lease.repeat(clock.now() + HOUR_MS)
  },
})

async function* allPools({ database, config }: Parts): AsyncGenerator<UserPool> {
  for (const region of config.regions) {
    for (let after = ''; ; ) {
      const pools = await listPools(database.db, region, after, AT_ONCE)
      yield* pools
      if (pools.length < AT_ONCE) break
      after = pools.at(-1)?.id ?? ''
    }
  }
}

async function removeOfPool(context: Parts, pool: UserPool, before: number, stopping: AbortSignal): Promise<void> {
  for (let after = ''; !stopping.aborted; ) {
    const users = await findUnconfirmed(context.database.db, pool.id, before, after)
    for (const user of users) {
      if (stopping.aborted) return
      // Who was confirmed since, or asked for another code, has a new version and stays.
      if (await removeUser(context, pool, user, user.version))
        userDeleted(context, { pool: pool.id, sub: user.sub, by: 'age' })
    }
    const last = users.at(-1)
    if (!last) return
    after = last.sub
  }
}

/** Unconfirmed users of a pool who signed up before a time (epoch milliseconds), in the order of subs after `after`. */
export async function findUnconfirmed(
  db: Db,
  userPoolId: string,
  before: number,
  after: string,
): Promise<{ sub: string; userPoolId: string; version: number }[]> {
  const rows = await db
    .selectFrom('users')
    .select(['user_sub', 'version'])
    .where('user_pool_id', '=', userPoolId)
    .where('status', '=', 'UNCONFIRMED')
    .where('user_sub', '>', after)
    .where('created_at', '<', before)
    .orderBy('user_sub')
    .limit(AT_ONCE)
    .execute()
  return rows.map(({ user_sub: sub, version }) => ({ sub, userPoolId, version }))
}
