// What threat protection does in a pool: whether it is on, which risk configuration applies, and what follows from a
// compromised password. Pure. docs/reference/user-pools.md 15.
import type { EventFilterType, RiskConfigurationType } from '../../contract/cognito-idp.types.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'

/** What SetRiskConfiguration stores, of a pool or of one app client. */
export type StoredRiskConfiguration = Pick<
  RiskConfigurationType,
  'CompromisedCredentialsRiskConfiguration' | 'AccountTakeoverRiskConfiguration' | 'RiskExceptionConfiguration'
> & {
  /** Epoch milliseconds. */
  readonly setAt: number
}

export type ProtectionMode = 'OFF' | 'AUDIT' | 'ENFORCED'

export const protectionMode = ({ UserPoolAddOns }: UserPoolSettings): ProtectionMode =>
  UserPoolAddOns?.AdvancedSecurityMode ?? 'OFF'

/** The configuration of an app client takes the place of the pool's, as a whole. */
export const riskConfiguration = (
  pool: UserPoolSettings,
  client: UserPoolClientSettings | undefined,
): StoredRiskConfiguration | undefined => client?.RiskConfiguration ?? pool.RiskConfiguration

/**
 * What becomes of a compromised password: `off` where nobody asks whether it is one, `note` where an event says so and nothing
 * more (AUDIT, NO_ACTION). Where nothing is set, it is refused for every event; a configuration without EventFilter is for
 * every event as well.
 */
export function onCompromised(
  pool: UserPoolSettings,
  client: UserPoolClientSettings | undefined,
  event: EventFilterType,
): 'off' | 'note' | 'refuse' {
  const mode = protectionMode(pool)
  if (mode === 'OFF') return 'off'
  const set = riskConfiguration(pool, client)?.CompromisedCredentialsRiskConfiguration
  if (set?.EventFilter?.length && !set.EventFilter.includes(event)) return 'off'
  return mode === 'ENFORCED' && (set?.Actions.EventAction ?? 'BLOCK') === 'BLOCK' ? 'refuse' : 'note'
}
