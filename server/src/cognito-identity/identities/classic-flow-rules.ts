// Whether a pool issues tokens for the classic flow (docs/reference/identity-pools-sts-iam-sync.md 4.4). Pure.
import { invalid, type Refusal } from '../../refusal-rules.ts'
import type { IdentityPoolSettings } from '../identity-pools/pool-settings.ts'

/**
 * Guests are refused as well: without the classic flow because with a token they would bypass the session policies of
 * the enhanced flow (guest-session-policies.ts), with role mappings because the service refuses them.
 */
export function classicFlowRefusal({
  AllowClassicFlow,
  RoleMappings = {},
}: Pick<IdentityPoolSettings, 'AllowClassicFlow' | 'RoleMappings'>): Refusal | undefined {
  if (AllowClassicFlow === false) return invalid('Basic (classic) flow is not enabled, please use enhanced flow.')
  return Object.keys(RoleMappings).length > 0
    ? invalid('Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.')
    : undefined
}
