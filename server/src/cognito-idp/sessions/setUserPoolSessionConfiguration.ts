import { enforce, firstRefusal } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { replacePoolSettings } from '../user-pools/pool-store.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { type TierRefusal, tierRefusal } from '../user-pools/tier-rules.ts'
import { maxPerUserRefusal } from './session-config-rules.ts'

/** SetUserPoolSessionConfiguration: replaces the whole configuration (docs/reference/user-pools.md 12.8). */
export const setUserPoolSessionConfiguration = operation(
  'SetUserPoolSessionConfiguration',
  async (context, { input, fail }) => {
    const pool = await readPool(context, input.UserPoolId)
    const { UserSessionTracking, TokenSession } = input
    const SessionConfiguration = { UserSessionTracking, TokenSession: { MaxPerUser: TokenSession.MaxPerUser } }
    const settings = { ...pool.settings, SessionConfiguration }
    enforce(
      // The tier stays as it is, so that no change of it can be refused.
      fail as (error: TierRefusal['refused'] | 'InvalidParameterException', message: string) => Error,
      firstRefusal<TierRefusal['refused'] | 'InvalidParameterException'>([
        () => maxPerUserRefusal(SessionConfiguration),
        () => tierRefusal(settings),
      ]),
    )
    const written = await replacePoolSettings(context.db, pool, settings, context.clock.now())
    context.userPools.forget(pool.id)
    if (!written)
      throw fail('ConcurrentModificationException', `User pool ${pool.id} is being changed by another request.`)
    return { UserPoolId: pool.id, ...SessionConfiguration }
  },
)
