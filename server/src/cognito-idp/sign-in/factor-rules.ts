// The factors of a sign-in: what a pool offers of them, and what a user can use. Pure.
// docs/reference/user-pools.md 9.6, 9.8.
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { StoredUser } from '../users/user-store.ts'
import type { Proof } from './sign-in.ts'

export type SecondFactor = 'SMS_MFA' | 'SOFTWARE_TOKEN_MFA' | 'EMAIL_OTP'

type User = Pick<StoredUser, 'status' | 'attributes' | 'mfa'>

interface FactorRules {
  readonly proof: Proof
  readonly isOffered: (pool: UserPoolSettings) => boolean
  readonly isUsable: (user: User) => boolean
}

/** In the order in which users are asked to choose. */
export const secondFactors: Readonly<Record<SecondFactor, FactorRules>> = {
  SMS_MFA: {
    proof: 'sms-code',
    isOffered: (pool) => pool.SmsConfiguration !== undefined,
    isUsable: ({ attributes }) => Boolean(attributes.phone_number),
  },
  SOFTWARE_TOKEN_MFA: {
    proof: 'software-token',
    isOffered: (pool) => pool.SoftwareTokenMfaConfiguration?.Enabled === true,
    isUsable: ({ mfa }) => mfa.hasSoftwareToken === true,
  },
  EMAIL_OTP: {
    proof: 'email-code',
    isOffered: (pool) => pool.EmailMfaConfiguration !== undefined,
    isUsable: ({ attributes }) => attributes.email_verified === 'true' && Boolean(attributes.email),
  },
}

export const secondFactorNames = Object.keys(secondFactors) as SecondFactor[]

/** What next-step.ts decides by. */
export interface Facts {
  /** MfaConfiguration of the pool. */
  readonly mfa: 'OFF' | 'OPTIONAL' | 'ON'
  /** First factors that the user may choose from in a choice-based sign-in. */
  readonly firstFactors: readonly ChallengeNameType[]
  /** Second factors that the user may be asked for: those turned on, or where the pool requires one, all that are usable. */
  readonly secondFactors: readonly SecondFactor[]
  readonly preferred?: SecondFactor
  /** Second factors that the user has not set up. */
  readonly toSetUp: readonly SecondFactor[]
  readonly mustChangePassword: boolean
}

/** The facts of a sign-in. Of a name that belongs to nobody, `user` is undefined. */
export function factsOf(pool: UserPoolSettings, user: User | undefined): Facts {
  const { MfaConfiguration: mfa = 'OFF' } = pool
  const mustChangePassword = user?.status === 'FORCE_CHANGE_PASSWORD'
  const firstFactors: ChallengeNameType[] = ['PASSWORD', 'PASSWORD_SRP']
  if (mfa === 'OFF' || !user) return { mfa, firstFactors, secondFactors: [], toSetUp: [], mustChangePassword }
  const offered = secondFactorNames.filter((name) => secondFactors[name].isOffered(pool))
  const usable = offered.filter((name) => secondFactors[name].isUsable(user))
  const turnedOn = usable.filter((name) => user.mfa.UserMFASettingList?.includes(name))
  return {
    mfa,
    firstFactors,
    secondFactors: turnedOn.length > 0 || mfa === 'OPTIONAL' ? turnedOn : usable,
    preferred: turnedOn.find((name) => name === user.mfa.PreferredMfaSetting),
    toSetUp: offered.filter((name) => !usable.includes(name)),
    mustChangePassword,
  }
}
