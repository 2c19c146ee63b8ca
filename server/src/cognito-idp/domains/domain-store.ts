// Every statement on the table of domains: the reservation of each name, and whose it is. What a domain is like is in the
// settings of its pool, whose version both writes compare (change-domain.ts).
import { affectedRows, type Db } from '../../database/database.ts'

/** The id of the pool that has the domain. */
export async function poolIdOfDomain(db: Db, domain: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('user_pool_domains')
    .select('user_pool_id')
    .where('domain', '=', domain)
    .executeTakeFirst()
  return row?.user_pool_id
}

/** Takes a name for a pool; false when a pool has it. */
export async function reserveDomain(db: Db, domain: string, userPoolId: string): Promise<boolean> {
  const result = await db
    .insertInto('user_pool_domains')
    .values({ domain, user_pool_id: userPoolId })
    .onConflict((conflict) => conflict.column('domain').doNothing())
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Gives a pool's name back; false when the pool has it not. */
export async function releaseDomain(db: Db, domain: string, userPoolId: string): Promise<boolean> {
  const result = await db
    .deleteFrom('user_pool_domains')
    .where('domain', '=', domain)
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return affectedRows(result) === 1
}
