import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { replaceSettings } from './change-pool.ts'
import { identityPoolSettings } from './new-pool-settings.ts'
import { poolRefusal } from './pool-rules.ts'
import { identityPoolType } from './pool-type.ts'

/**
 * Replaces: an optional member that is left out returns to its default
 * (docs/reference/identity-pools-sts-iam-sync.md 3).
 */
export const updateIdentityPool = operation('UpdateIdentityPool', async (context, { input, fail }) => {
  const pool = await replaceSettings(context, input.IdentityPoolId, (before) => {
    const settings = identityPoolSettings(input, before)
    enforce(fail, poolRefusal(settings, before, context.publicUrl))
    return settings
  })
  return identityPoolType(pool)
})
