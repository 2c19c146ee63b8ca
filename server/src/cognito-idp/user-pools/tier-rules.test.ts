import { describe, expect, it } from 'vitest'
import type { CreateUserPoolRequest, UserPoolTierType } from '../../contract/cognito-idp.types.ts'
import { newPoolSettings } from './new-pool-settings.ts'
import { tierRefusal } from './tier-rules.ts'

const LAMBDA = 'arn:aws:lambda:us-east-1:123456789012:function:trigger'
const settings = (UserPoolTier: UserPoolTierType | undefined, members: Partial<CreateUserPoolRequest>) =>
  newPoolSettings({ PoolName: 'x', UserPoolTier, ...members }, 'us-east-1')

const triggerVersion = (LambdaVersion: 'V1_0' | 'V2_0' | 'V3_0') => ({
  LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion, LambdaArn: LAMBDA } },
})

describe('a feature that is part of a higher tier is refused', () => {
  const features: [string, Partial<CreateUserPoolRequest>, UserPoolTierType][] = [
    ['Token Customization with Pre-Token Generation Lambda V2_0', triggerVersion('V2_0'), 'ESSENTIALS'],
    ['Token Customization with Pre-Token Generation Lambda V3_0', triggerVersion('V3_0'), 'ESSENTIALS'],
    [
      'Passwordless Sign-In',
      { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } } },
      'ESSENTIALS',
    ],
    ['Password History', { Policies: { PasswordPolicy: { PasswordHistorySize: 1 } } }, 'ESSENTIALS'],
    ['Dynamic Client Registration', { DcrConfiguration: {} }, 'ESSENTIALS'],
    ['Threat Protection', { UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' } }, 'PLUS'],
    ['Threat Protection', { UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' } }, 'PLUS'],
  ]
  it.each(features)('%s', (name, members, from) => {
    for (const tier of ['LITE', 'ESSENTIALS', 'PLUS'] as const) {
      const included = from === 'ESSENTIALS' ? tier !== 'LITE' : tier === 'PLUS'
      const message = `The following features need to be disabled for the ${tier} pricing tier configured: ${name}`
      const refusal = { refused: 'FeatureUnavailableInTierException', message }
      expect(tierRefusal(settings(tier, members))).toEqual(included ? undefined : refusal)
    }
  })

  it('with all of them in one text', () => {
    const members = { ...triggerVersion('V2_0'), UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' as const } }
    expect(tierRefusal(settings('LITE', members))?.message).toMatch(
      /: Token Customization with Pre-Token Generation Lambda V2_0, Threat Protection$/,
    )
  })

  it('as a change of tier when the pool goes down', () => {
    const members = { UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' as const } }
    const error = (tier: UserPoolTierType, before: UserPoolTierType) =>
      tierRefusal(settings(tier, members), settings(before, {}))?.refused
    expect(error('ESSENTIALS', 'PLUS')).toBe('TierChangeNotAllowedException')
    expect(error('LITE', 'ESSENTIALS')).toBe('TierChangeNotAllowedException')
    expect(error('LITE', 'LITE')).toBe('FeatureUnavailableInTierException')
    expect(error('ESSENTIALS', 'LITE')).toBe('FeatureUnavailableInTierException')
    expect(error('PLUS', 'LITE')).toBeUndefined()
  })
})

describe('what every tier has', () => {
  it.each([
    ['nothing in particular', {}],
    ['the first version of a trigger', triggerVersion('V1_0')],
    ['threat protection that is off', { UserPoolAddOns: { AdvancedSecurityMode: 'OFF' as const } }],
    ['no password history', { Policies: { PasswordPolicy: { PasswordHistorySize: 0 } } }],
    ['registration that is off', { DcrConfiguration: { EnableStatus: 'Disabled' as const } }],
  ])('%s', (_, members) => {
    expect(tierRefusal(settings('LITE', members))).toBeUndefined()
  })
})
