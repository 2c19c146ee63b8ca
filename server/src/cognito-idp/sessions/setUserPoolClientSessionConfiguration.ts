import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { replaceClient } from '../user-pool-clients/client-store.ts'
import { readClient } from '../user-pool-clients/read-client.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { ssoSessionRefusal, trackingRefusal } from './session-config-rules.ts'

/**
 * SetUserPoolClientSessionConfiguration: for pools that track sessions (docs/reference/user-pools.md 12.8). What it sets
 * stays when the pool stops tracking.
 */
export const setUserPoolClientSessionConfiguration = operation(
  'SetUserPoolClientSessionConfiguration',
  async (context, { input, fail }) => {
    const { UserPoolId, ClientId } = input
    const [pool, client] = await Promise.all([readPool(context, UserPoolId), readClient(context, UserPoolId, ClientId)])
    const SSOSession = { MaxValidityMinutes: input.SSOSession.MaxValidityMinutes }
    enforce(fail, ssoSessionRefusal(SSOSession))
    if (pool.settings.UserPoolTier === 'LITE')
      throw fail('FeatureUnavailableInTierException', 'User Session Tracking is not part of the LITE pricing tier.')
    enforce(fail, trackingRefusal(pool.settings))
    const settings = { ...client.settings, SSOSession }
    const written = await replaceClient(context.db, context.sealer, client, { settings }, context.clock.now())
    context.userPools.forget(ClientId)
    if (!written)
      throw fail('ConcurrentModificationException', `User pool client ${ClientId} is being changed by another request.`)
    context.unservedNotices.noteClient({ ...client, settings })
    return { UserPoolId, ClientId, SSOSession }
  },
)
