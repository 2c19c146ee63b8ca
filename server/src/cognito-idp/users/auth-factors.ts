// The answer of GetUserAuthFactors and AdminGetUserAuthFactors. Pure. docs/reference/user-pools.md 7.6.
import type { GetUserAuthFactorsResponse } from '../../contract/cognito-idp.types.ts'
import { configuredFactors } from '../sign-in/factor-rules.ts'
import { mfaSettings } from './mfa-settings.ts'
import type { StoredUser } from './user-store.ts'

/** The user's factors and preferences; what is not set is left out. */
export function authFactors(user: StoredUser): GetUserAuthFactorsResponse {
  const { MFAOptions: _, ...preferences } = mfaSettings(user)
  return { Username: user.username, ...preferences, ConfiguredUserAuthFactors: configuredFactors(user) }
}
