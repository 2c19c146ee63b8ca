// What SetRiskConfiguration stores, and which values are refused. Pure. docs/reference/user-pools.md 15.
import type {
  AccountTakeoverRiskConfigurationType,
  RiskConfigurationType,
  SetRiskConfigurationRequest,
} from '../../contract/cognito-idp.types.ts'
import { firstRefusal, invalid, type Refusal } from '../../refusal-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { protectionMode, type StoredRiskConfiguration } from './protection-rules.ts'

/** The request replaces the configuration; one without any part removes it. */
export function newRiskConfiguration(
  {
    CompromisedCredentialsRiskConfiguration: compromised,
    AccountTakeoverRiskConfiguration: takeover,
    RiskExceptionConfiguration: exceptions,
  }: SetRiskConfigurationRequest,
  now: number,
): StoredRiskConfiguration | undefined {
  if (!compromised && !takeover && !exceptions) return undefined
  return {
    ...(compromised && { CompromisedCredentialsRiskConfiguration: compromised }),
    ...(takeover && { AccountTakeoverRiskConfiguration: takeover }),
    ...(exceptions && { RiskExceptionConfiguration: exceptions }),
    setAt: now,
  }
}

/** The configuration in the API's form: with nothing but the ids where none is stored. */
export function riskConfigurationType(
  ids: Pick<RiskConfigurationType, 'UserPoolId' | 'ClientId'>,
  stored: StoredRiskConfiguration | undefined,
): RiskConfigurationType {
  const named = { UserPoolId: ids.UserPoolId, ...(ids.ClientId !== undefined && { ClientId: ids.ClientId }) }
  if (!stored) return named
  const { setAt, ...parts } = stored
  return { ...named, ...parts, LastModifiedDate: new Date(setAt) }
}

type RiskRefusal = Refusal<'UserPoolAddOnNotEnabledException' | 'InvalidParameterException'>

/** Why SetRiskConfiguration is refused; undefined when it is not. */
export const riskConfigurationRefusal = (
  pool: UserPoolSettings,
  input: SetRiskConfigurationRequest,
): RiskRefusal | undefined =>
  firstRefusal<RiskRefusal['refused']>([
    () => protectionRefusal(pool),
    () => notifyRefusal(input.AccountTakeoverRiskConfiguration),
  ])

/** Refuses what needs threat protection in a pool without it. The service's text is not known. */
export const protectionRefusal = (pool: UserPoolSettings): Refusal<'UserPoolAddOnNotEnabledException'> | undefined =>
  protectionMode(pool) === 'OFF'
    ? { refused: 'UserPoolAddOnNotEnabledException', message: 'Threat protection is not enabled for this user pool.' }
    : undefined

function notifyRefusal(takeover: AccountTakeoverRiskConfigurationType | undefined): Refusal | undefined {
  const notifies = Object.values(takeover?.Actions ?? {}).some(({ Notify }) => Notify)
  return notifies && !takeover?.NotifyConfiguration
    ? invalid('NotifyConfiguration is required when an action notifies users.')
    : undefined
}
