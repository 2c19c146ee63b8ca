import type { Context } from '../../context.ts'
import { notAvailableError } from '../not-available-error.ts'
import type { UserPool } from './pool-store.ts'
import { type Moment, missingTrigger } from './unserved-rules.ts'

/**
 * Tells the log what of the pool's settings is not in effect yet, and throws NotImplementedException when the pool names a
 * trigger that decides one of these moments: what it would refuse must not pass. docs/behaviour/user-pools.md.
 */
export function requireServed(context: Context, pool: UserPool, ...moments: Moment[]): void {
  context.unservedNotices.notePool(pool)
  const trigger = missingTrigger(pool.settings, moments)
  if (trigger !== undefined)
    throw notAvailableError(`the trigger ${trigger}, which this user pool names (LambdaConfig)`)
}
