import { poolIdSuffix } from '../../crypto/random-ids.ts'
import { enforce } from '../../refusal-rules.ts'
import { noteNewPool } from '../../signing/key-preparation.ts'
import { operation } from '../operation.ts'
import { newPoolSettings } from './new-pool-settings.ts'
import { newPoolRefusal } from './pool-rules.ts'
import { countPools, insertPool, type UserPool } from './pool-store.ts'
import { userPoolType } from './pool-type.ts'

/** docs/reference/user-pools.md 19. A quota, not an invariant: pools made in the same moment may exceed it. */
const MOST_POOLS = 1000

export const createUserPool = operation('CreateUserPool', async (context, { input, fail }) => {
  const { region } = context.config
  const settings = newPoolSettings(input, region)
  enforce(fail, newPoolRefusal(input, settings))
  if ((await countPools(context.db, MOST_POOLS)) >= MOST_POOLS)
    throw fail('LimitExceededException', `An account can not have more than ${MOST_POOLS} user pools.`)
  const now = context.clock.now()
  const pool: UserPool = {
    id: `${region}_${poolIdSuffix((count) => context.random.bytes(count))}`,
    settings,
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
  await insertPool(context.db, pool)
  noteNewPool(context, pool.id)
  return { UserPool: userPoolType(context.config, pool, 0) }
})
