// Identity pools, kept in memory (database/cache.ts): every public call reads one.
import { createCache } from '../../database/cache.ts'
import type { Database } from '../../database/database.ts'
import type { Clock } from '../../effects/effects.ts'
import { findIdentityPool, type IdentityPool } from './pool-store.ts'

export interface IdentityPoolCache {
  get(id: string): Promise<IdentityPool | undefined>
  /** Call after every write of a pool. */
  forget(id: string): void
}

const POOL_ID = /^[\w-]{1,40}:[0-9a-f-]{36}$/

/**
 * Whether a text has the form of a pool id. Other text is not looked up: it may hold characters that no database
 * stores.
 */
export const isPoolId = (text: string): boolean => POOL_ID.test(text)

export function createIdentityPoolCache(database: Database, clock: Clock): IdentityPoolCache {
  const pools = createCache((id) => findIdentityPool(database.db, id), clock, database)
  return {
    get: async (id) => (isPoolId(id) ? pools.get(id) : undefined),
    forget: (id) => pools.forget(id),
  }
}
