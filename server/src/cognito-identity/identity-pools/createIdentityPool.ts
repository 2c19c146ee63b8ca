import { newUuid } from '../../effects/uuid.ts'
import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { identityPoolSettings } from './new-pool-settings.ts'
import { poolRefusal } from './pool-rules.ts'
import { countIdentityPools, type IdentityPool, insertIdentityPool } from './pool-store.ts'
import { identityPoolType } from './pool-type.ts'

/**
 * docs/reference/identity-pools-sts-iam-sync.md 11. A quota, not an invariant: concurrent requests may exceed it.
 */
const MOST_POOLS = 1000

export const createIdentityPool = operation('CreateIdentityPool', async (context, { input, fail }) => {
  const settings = identityPoolSettings(input, undefined)
  enforce(fail, poolRefusal(settings, undefined, context.publicUrl))
  if ((await countIdentityPools(context.db, MOST_POOLS)) >= MOST_POOLS)
    throw fail('LimitExceededException', `An account can not have more than ${MOST_POOLS} identity pools.`)
  const now = context.clock.now()
  const pool: IdentityPool = {
    id: `${context.config.region}:${newUuid(context.random)}`,
    settings,
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
  await insertIdentityPool(context.db, pool)
  return identityPoolType(pool)
})
