import { poolIdSuffix } from '../../crypto/random-ids.ts'
import { enforce } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { newPoolSettings } from './new-pool-settings.ts'
import { newPoolRefusal } from './pool-rules.ts'
import { countPools, insertPool, type UserPool } from './pool-store.ts'
import { userPoolType } from './pool-type.ts'

export const createUserPool = operation('CreateUserPool', async (context, { input, caller, fail }) => {
  const { region } = context.config
  const settings = newPoolSettings(input, region)
  enforce(fail, newPoolRefusal(input, settings))
  if ((await countPools(context.db, limits.userPools.max)) >= limits.userPools.max)
    throw fail('LimitExceededException', `An account can not have more than ${limits.userPools.max} user pools.`)
  const now = context.clock.now()
  const pool: UserPool = {
    id: `${region}_${poolIdSuffix((count) => context.random.bytes(count))}`,
    region: caller.region,
    replicas: [],
    settings,
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
  await insertPool(context.db, pool)
  context.keyPreparation.note(pool.id)
  context.unservedNotices.notePool(pool)
  return { UserPool: userPoolType(context.config, pool, 0) }
})
