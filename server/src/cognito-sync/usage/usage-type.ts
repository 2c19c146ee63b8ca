import type { IdentityPool } from '../../cognito-identity/identity-pools/pool-store.ts'
import type { IdentityPoolUsage } from '../../contract/cognito-sync.types.ts'
import type { PoolUsage } from '../../datasets/usage-store.ts'

/** The use of a pool as the API shows it; a pool without datasets was last modified when its settings were. */
export const poolUsageType = (pool: IdentityPool, usage: PoolUsage | undefined): IdentityPoolUsage => ({
  IdentityPoolId: pool.id,
  SyncSessionsCount: usage?.sessions ?? 0,
  // Below 0 when a killed process lost additions whose removals were counted later.
  DataStorage: Math.max(0, usage?.storage ?? 0),
  LastModifiedDate: new Date(usage?.updatedAt || pool.updatedAt),
})
