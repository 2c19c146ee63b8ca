import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { replacePoolSettings } from '../user-pools/pool-store.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { mfaConfigRefusal, mfaConfigType, withMfaConfig } from './pool-mfa-rules.ts'

/** SetUserPoolMfaConfig: which second factors users may, or must, have (docs/reference/user-pools.md 3.3 MFA, 5.6). */
export const setUserPoolMfaConfig = operation('SetUserPoolMfaConfig', async (context, { input, fail }) => {
  const pool = await readPool(context, input.UserPoolId)
  const settings = withMfaConfig(pool.settings, input, context.config.region)
  enforce(fail, mfaConfigRefusal(input, settings))
  const written = await replacePoolSettings(context.db, pool, settings, context.clock.now())
  context.userPools.forget(pool.id)
  if (!written)
    throw fail('ConcurrentModificationException', `User pool ${pool.id} is being changed by another request.`)
  context.unservedNotices.notePool({ id: pool.id, settings })
  return mfaConfigType(settings)
})
