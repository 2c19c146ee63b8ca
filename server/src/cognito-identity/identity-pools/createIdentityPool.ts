import { newUuid } from '../../effects/uuid.ts'
import { enforce } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { identityPoolSettings } from './new-pool-settings.ts'
import { poolRefusal } from './pool-rules.ts'
import { countIdentityPools, type IdentityPool, insertIdentityPool } from './pool-store.ts'
import { identityPoolType } from './pool-type.ts'

export const createIdentityPool = operation('CreateIdentityPool', async (context, { input, caller, fail }) => {
  const settings = identityPoolSettings(input, undefined)
  enforce(fail, poolRefusal(settings, undefined, context.publicUrl))
  if ((await countIdentityPools(context.db, limits.identityPools.max)) >= limits.identityPools.max)
    throw fail(
      'LimitExceededException',
      `An account can not have more than ${limits.identityPools.max} identity pools.`,
    )
  const now = context.clock.now()
  const pool: IdentityPool = {
    id: `${context.config.region}:${newUuid(context.random)}`,
    region: caller.region,
    settings,
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
  await insertIdentityPool(context.db, pool)
  return identityPoolType(pool)
})
