// Identity pools, kept in memory (database/cache.ts): every public call reads one.
import { createCache } from '../../database/cache.ts'
import type { Database } from '../../database/database.ts'
import type { Clock } from '../../effects/effects.ts'
import { findIdentityPool, type IdentityPool } from './pool-store.ts'

export interface IdentityPoolCache {
  get(id: string): Promise<IdentityPool | undefined>
  /** To be called after every write of a pool, by the one who wrote. */
  forget(id: string): void
}

// What does not have the form of an id is in no database.
const POOL_ID = /^[\w-]{1,40}:[0-9a-f-]{36}$/

/** Whether a pool may have this id: other text may hold what no database stores. */
export const isPoolId = (text: string): boolean => POOL_ID.test(text)

export function createIdentityPoolCache(database: Database, clock: Clock): IdentityPoolCache {
  const pools = createCache((id) => findIdentityPool(database.db, id), clock, database)
  return {
    get: async (id) => (isPoolId(id) ? pools.get(id) : undefined),
    forget: (id) => pools.forget(id),
  }
}
