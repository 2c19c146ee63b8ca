// The second factors on the page of an account: what the pool offers, and what the user has of it. Pure.
// docs/reference/user-pools.md 9.8, 9.9.
import { allowsPasskeys, countsAsTwoFactors } from '../../cognito-idp/passkeys/relying-party-rules.ts'
import {
  hasVerifyingPasskey,
  type SecondFactor,
  secondFactorNames,
  secondFactors,
} from '../../cognito-idp/sign-in/factor-rules.ts'
import type { UserPoolSettings } from '../../cognito-idp/user-pools/pool-settings.ts'
import { turnedOnFactors } from '../../cognito-idp/users/mfa-settings.ts'
import type { StoredUser } from '../../cognito-idp/users/user-store.ts'
import type { Parameters } from '../../http/forms.ts'
import type { Words } from '../languages/en.ts'

/** Passkeys that verify their users may be one, in pools that say so. */
export type ShownFactor = SecondFactor | 'WEB_AUTHN'

export interface FactorRow {
  readonly factor: ShownFactor
  readonly state: 'on' | 'first' | 'off'
  /** Whether the user has what it takes: an app, an address, a number. */
  readonly isUsable: boolean
}

export function offeredFactors(pool: UserPoolSettings): ShownFactor[] {
  if ((pool.MfaConfiguration ?? 'OFF') === 'OFF') return []
  const passkeys: ShownFactor[] = allowsPasskeys(pool) && countsAsTwoFactors(pool) ? ['WEB_AUTHN'] : []
  return [...secondFactorNames.filter((name) => secondFactors[name].isOffered(pool)), ...passkeys]
}

export function factorRows(pool: UserPoolSettings, user: StoredUser): FactorRow[] {
  const on = turnedOnFactors(user.mfa)
  return offeredFactors(pool).map((factor) => {
    const isUsable = factor === 'WEB_AUTHN' ? hasVerifyingPasskey(user) : secondFactors[factor].isUsable(user)
    const isFirst = user.mfa.PreferredMfaSetting === factor
    return { factor, isUsable, state: !on.includes(factor) ? 'off' : isFirst ? 'first' : 'on' }
  })
}

export const factorNames: Readonly<Record<ShownFactor, keyof Words>> = {
  SMS_MFA: 'bySms',
  SOFTWARE_TOKEN_MFA: 'byApp',
  EMAIL_OTP: 'byEmail',
  WEB_AUTHN: 'accountPasskeys',
}

export const factorStates: Readonly<Record<FactorRow['state'], keyof Words>> = {
  on: 'factorOn',
  first: 'factorFirst',
  off: 'factorOff',
}

const members = {
  SMS_MFA: 'SMSMfaSettings',
  SOFTWARE_TOKEN_MFA: 'SoftwareTokenMfaSettings',
  EMAIL_OTP: 'EmailMfaSettings',
  WEB_AUTHN: 'WebAuthnMfaSettings',
} as const

/** What a form wishes for, as SetUserMFAPreference has it; undefined for a form that names no factor. */
export function wishIn(form: Parameters, pool: UserPoolSettings) {
  const factor = offeredFactors(pool).find((name) => name === form.get('factor'))
  const wish = form.get('wish')
  if (factor === undefined || (wish !== 'on' && wish !== 'off' && wish !== 'first')) return undefined
  const isOn = wish !== 'off'
  return {
    [members[factor]]: { Enabled: isOn, ...(factor !== 'WEB_AUTHN' && wish === 'first' && { PreferredMfa: true }) },
  }
}
