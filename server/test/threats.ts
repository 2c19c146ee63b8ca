// Pools with threat protection, for its tests.
import type { CreateUserPoolCommandInput } from '@aws-sdk/client-cognito-identity-provider'

/** Settings of a pool. */
export const ENFORCED = {
  UserPoolTier: 'PLUS',
  UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
} as const satisfies Partial<CreateUserPoolCommandInput>

export const AUDIT = {
  UserPoolTier: 'PLUS',
  UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' },
} as const satisfies Partial<CreateUserPoolCommandInput>
