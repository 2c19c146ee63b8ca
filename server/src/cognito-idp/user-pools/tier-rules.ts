// Which features each tier of user pools includes (UserPoolTier). Pure. docs/reference/user-pools.md 3.3, 5.5.
import type { UserPoolTierType } from '../../contract/cognito-idp.types.ts'
import type { Refusal } from '../../refusal-rules.ts'
import { exportsActivity } from '../log-delivery/log-delivery-rules.ts'
import { tracksSessions } from '../sessions/session-config-rules.ts'
import type { UserPoolSettings } from './pool-settings.ts'

export type TierRefusal = Refusal<'FeatureUnavailableInTierException' | 'TierChangeNotAllowedException'>

const RANK: Readonly<Record<UserPoolTierType, number>> = { LITE: 0, ESSENTIALS: 1, PLUS: 2 }

interface Feature {
  /** The feature's name in the service's error. */
  name: (settings: UserPoolSettings) => string
  from: UserPoolTierType
  usedBy: (settings: UserPoolSettings) => boolean
}

const features: readonly Feature[] = [
  {
    name: ({ LambdaConfig }) =>
      `Token Customization with Pre-Token Generation Lambda ${LambdaConfig?.PreTokenGenerationConfig?.LambdaVersion}`,
    from: 'ESSENTIALS',
    usedBy: ({ LambdaConfig }) => (LambdaConfig?.PreTokenGenerationConfig?.LambdaVersion ?? 'V1_0') !== 'V1_0',
  },
  {
    name: () => 'Passwordless Sign-In',
    from: 'ESSENTIALS',
    usedBy: ({ Policies }) => (Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? []).some((f) => f !== 'PASSWORD'),
  },
  {
    name: () => 'Password History',
    from: 'ESSENTIALS',
    usedBy: ({ Policies }) => (Policies?.PasswordPolicy?.PasswordHistorySize ?? 0) > 0,
  },
  {
    name: () => 'Email MFA',
    from: 'ESSENTIALS',
    usedBy: ({ EmailMfaConfiguration }) => EmailMfaConfiguration !== undefined,
  },
  {
    name: () => 'Passkeys',
    from: 'ESSENTIALS',
    usedBy: ({ WebAuthnConfiguration }) => WebAuthnConfiguration !== undefined,
  },
  {
    name: () => 'Dynamic Client Registration',
    from: 'ESSENTIALS',
    usedBy: ({ DcrConfiguration }) => DcrConfiguration?.EnableStatus === 'Enabled',
  },
  {
    name: () => 'Managed Login Version 2',
    from: 'ESSENTIALS',
    usedBy: ({ DomainConfigurations }) =>
      Object.values(DomainConfigurations ?? {}).some(({ ManagedLoginVersion }) => ManagedLoginVersion === 2),
  },
  {
    name: () => 'User Session Tracking',
    from: 'ESSENTIALS',
    usedBy: tracksSessions,
  },
  {
    name: () => 'User Activity Log Export',
    from: 'PLUS',
    usedBy: exportsActivity,
  },
  {
    name: () => 'Threat Protection',
    from: 'PLUS',
    usedBy: ({ UserPoolAddOns }) => (UserPoolAddOns?.AdvancedSecurityMode ?? 'OFF') !== 'OFF',
  },
]

/** Refuses settings with features that their tier lacks. `before`: the present settings of a pool that is updated. */
export function tierRefusal(settings: UserPoolSettings, before?: UserPoolSettings): TierRefusal | undefined {
  const tier = settings.UserPoolTier ?? 'ESSENTIALS'
  const missing = features.filter((feature) => RANK[tier] < RANK[feature.from] && feature.usedBy(settings))
  if (missing.length === 0) return undefined
  const names = missing.map((feature) => feature.name(settings)).join(', ')
  const lowered = RANK[tier] < RANK[before?.UserPoolTier ?? tier]
  return {
    // A change to a lower tier gets an error of its own when such features are still in use.
    refused: lowered ? 'TierChangeNotAllowedException' : 'FeatureUnavailableInTierException',
    message: `The following features need to be disabled for the ${tier} pricing tier configured: ${names}`,
  }
}
