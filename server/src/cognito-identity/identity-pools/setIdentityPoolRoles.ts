import { requirePassRole } from '../../authorization/pass-role.ts'
import { IDENTITY_POOL_PROVIDER } from '../../iam/arn-rules.ts'
import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { replaceSettings } from './change-pool.ts'
import { rolesIn, rolesRefusal } from './pool-rules.ts'
import { mappedProviderRefusal } from './provider-name-rules.ts'

/**
 * Replaces both roles and mappings: mappings that are left out are removed
 * (docs/reference/identity-pools-sts-iam-sync.md 3).
 */
export const setIdentityPoolRoles = operation('SetIdentityPoolRoles', async (context, { input, caller, fail }) => {
  enforce(fail, rolesRefusal(input, context.config.accountId, context.externalSts !== undefined))
  for (const role of rolesIn(input)) await requirePassRole(context, caller, role, IDENTITY_POOL_PROVIDER)
  const mapped = Object.keys(input.RoleMappings ?? {})
  await replaceSettings(context, input.IdentityPoolId, ({ Roles, RoleMappings, ...settings }) => {
    enforce(fail, mappedProviderRefusal(settings, mapped, { perClient: true, publicUrl: context.publicUrl }))
    return {
      ...settings,
      ...(Object.keys(input.Roles).length > 0 && { Roles: input.Roles }),
      ...(mapped.length > 0 && { RoleMappings: input.RoleMappings }),
    }
  })
})
