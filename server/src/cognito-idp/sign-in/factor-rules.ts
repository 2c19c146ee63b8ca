// The factors of a sign-in: what a pool offers of them, and what a user can use. Pure.
// docs/reference/user-pools.md 9.6, 9.8.
import type { AuthFactorType, ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import type { Contact } from '../../messages/delivery-rules.ts'
import { tracksDevices, trustsDevices } from '../devices/device-rules.ts'
import { seemsToHavePasskey } from '../passkeys/decoy-rules.ts'
import { allowsPasskeys, countsAsTwoFactors } from '../passkeys/relying-party-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { turnedOnFactors, withPasskeys } from '../users/mfa-settings.ts'
import type { StoredUser } from '../users/user-store.ts'
import type { Place, Proof, RiskAction, Signer } from './sign-in.ts'
import { hidesExistence } from './user-state-rules.ts'

export type SecondFactor = 'SMS_MFA' | 'SOFTWARE_TOKEN_MFA' | 'EMAIL_OTP'

type Holder = Pick<StoredUser, 'status' | 'attributes' | 'mfa'>
type User = Holder & Pick<StoredUser, 'credential'>

interface FactorRules {
  readonly proof: Proof
  readonly isOffered: (pool: UserPoolSettings) => boolean
  /** Whether a user who has turned the factor on can be asked for it. */
  readonly isUsable: (user: Holder) => boolean
  /** Whether a user who must have a factor and has turned none on is asked for it, where that takes more. */
  readonly isReady?: (user: Holder) => boolean
}

/** In the order in which users are asked to choose. */
export const secondFactors: Readonly<Record<SecondFactor, FactorRules>> = {
  SMS_MFA: {
    proof: 'sms-code',
    isOffered: (pool) => pool.SmsConfiguration !== undefined && !pool.SmsMfaLeftOut,
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
    isUsable: ({ attributes }) => Boolean(attributes.email),
    isReady: ({ attributes }) => Boolean(attributes.email) && attributes.email_verified === 'true',
  },
}

export const secondFactorNames = Object.keys(secondFactors) as SecondFactor[]

export type FirstFactor = Exclude<AuthFactorType, 'SOFTWARE_TOKEN'> | 'PASSWORD_SRP'

interface FirstFactorRules {
  /** Whether the user has what it takes, whatever the pool offers. */
  readonly isUsable: (user: User) => boolean
}

/** In the order in which users are asked to choose. A pool offers those of its SignInPolicy; PASSWORD stands for both. */
export const firstFactors: Readonly<Record<FirstFactor, FirstFactorRules>> = {
  PASSWORD: { isUsable: ({ credential }) => credential !== '' },
  PASSWORD_SRP: { isUsable: ({ credential }) => credential !== '' },
  EMAIL_OTP: { isUsable: (user) => getsCodesAt(user, 'email') },
  SMS_OTP: { isUsable: (user) => getsCodesAt(user, 'phone_number') },
  WEB_AUTHN: { isUsable: ({ mfa }) => mfa.hasPasskeys === true },
}

/**
 * Whether a code sent to a contact can be the first factor. One that is not verified yet is verified by the code where the
 * user has no other proof of it to give: after a sign-up, and without a password (docs/reference/user-pools.md 9.6,
 * docs/behaviour/sign-in.md).
 */
const getsCodesAt = ({ attributes, status, credential }: User, contact: Contact): boolean =>
  Boolean(attributes[contact]) &&
  status !== 'EXTERNAL_PROVIDER' &&
  (attributes[`${contact}_verified`] === 'true' || status === 'UNCONFIRMED' || credential === '')

const passwords: readonly ChallengeNameType[] = ['PASSWORD', 'PASSWORD_SRP']

/** The contacts that codes of choice-based sign-ins go to in this pool. */
export const contactsOfPolicy = (pool: UserPoolSettings): readonly Contact[] => {
  const allowed = pool.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? []
  return [
    ...(allowed.includes('EMAIL_OTP') ? (['email'] as const) : []),
    ...(allowed.includes('SMS_OTP') ? (['phone_number'] as const) : []),
  ]
}

/** Whether the user has a passkey that may stand for two factors: one whose authenticator verified its user at its making. */
export const hasVerifyingPasskey = ({ mfa }: Pick<Holder, 'mfa'>): boolean => (mfa.passkeys?.verifying ?? 0) > 0

/** Whether such a passkey stands for both factors: the pool lets it, and the user has turned that on (WebAuthnMfaSettings). */
export const passkeyIsBoth = (pool: UserPoolSettings, user: Pick<Holder, 'mfa'>): boolean =>
  countsAsTwoFactors(pool) && hasVerifyingPasskey(user) && turnedOnFactors(user.mfa).includes('WEB_AUTHN')

/** `protectedBySecond`: a second factor will be asked for after the first one. */
function firstFactorsOf(pool: UserPoolSettings, user: User, protectedBySecond: boolean): ChallengeNameType[] {
  const allowed = pool.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? []
  return (Object.keys(firstFactors) as FirstFactor[]).filter((name) => {
    if (!firstFactors[name].isUsable(user)) return false
    if (passwords.includes(name)) return true
    if (user.status === 'FORCE_CHANGE_PASSWORD' || !allowed.some((one) => one === name)) return false
    return !protectedBySecond || (name === 'WEB_AUTHN' && passkeyIsBoth(pool, user))
  })
}

/** What next-step.ts decides by. */
export interface Facts {
  /** MfaConfiguration of the pool. */
  readonly mfa: 'OFF' | 'OPTIONAL' | 'ON'
  /** First factors that the user may choose from in a choice-based sign-in. */
  readonly firstFactors: readonly ChallengeNameType[]
  /** Second factors that the user may be asked for: those turned on, or where the pool requires one, all that are ready. */
  readonly secondFactors: readonly SecondFactor[]
  readonly preferred?: SecondFactor
  /** A passkey that stands for both factors is the only one that the user has turned on and can be asked for. */
  readonly passkeyAlone: boolean
  /** Second factors that the user has not set up. */
  readonly toSetUp: readonly SecondFactor[]
  readonly mustChangePassword: boolean
  /** `tracked`: a known device proves itself as well. `trusted`: a remembered one does so in place of the second factor. */
  readonly devices: 'off' | 'tracked' | 'trusted'
  /** The application asks for a level of assurance that takes one of `secondFactors`, turned on or not (assurance-rules.ts). */
  readonly stepsUp?: true
  /** What the risk of the sign-in asks for, in a pool with threat protection. */
  readonly risk?: RiskAction
}

const configured: Readonly<Record<AuthFactorType, (user: User) => boolean>> = {
  PASSWORD: ({ credential }) => credential !== '',
  EMAIL_OTP: ({ attributes }) => Boolean(attributes.email) && attributes.email_verified === 'true',
  SMS_OTP: ({ attributes }) => Boolean(attributes.phone_number) && attributes.phone_number_verified === 'true',
  WEB_AUTHN: ({ mfa }) => mfa.hasPasskeys === true,
  SOFTWARE_TOKEN: ({ mfa }) => mfa.hasSoftwareToken === true,
}

/** ConfiguredUserAuthFactors: what a user has, whatever the pool offers (docs/reference/user-pools.md 7.6). */
export const configuredFactors = (user: User): AuthFactorType[] =>
  (Object.keys(configured) as AuthFactorType[]).filter((name) => configured[name](user))

const deviceTracking = (pool: UserPoolSettings): Facts['devices'] =>
  trustsDevices(pool) ? 'trusted' : tracksDevices(pool) ? 'tracked' : 'off'

/** What a sign-in must know of a user's second factors. */
export function secondFactorsOf(
  pool: UserPoolSettings,
  user: Holder,
): Pick<Facts, 'mfa' | 'secondFactors' | 'preferred' | 'passkeyAlone' | 'toSetUp'> {
  // Whoever comes in by a provider has proven there what it asks for (docs/reference/user-pools.md 9.8).
  const mfa = user.status === 'EXTERNAL_PROVIDER' ? 'OFF' : (pool.MfaConfiguration ?? 'OFF')
  if (mfa === 'OFF') return { mfa, secondFactors: [], passkeyAlone: false, toSetUp: [] }
  const offered = secondFactorNames.filter((name) => secondFactors[name].isOffered(pool))
  const ready = offered.filter((name) => (secondFactors[name].isReady ?? secondFactors[name].isUsable)(user))
  const on = turnedOnFactors(user.mfa)
  const turnedOn = offered.filter((name) => on.includes(name) && secondFactors[name].isUsable(user))
  const factors = turnedOn.length > 0 || mfa === 'OPTIONAL' ? turnedOn : ready
  return {
    mfa,
    secondFactors: factors,
    passkeyAlone: factors.length === 0 && allowsPasskeys(pool) && passkeyIsBoth(pool, user),
    preferred: turnedOn.find((name) => name === user.mfa.PreferredMfaSetting),
    toSetUp: offered.filter((name) => !ready.includes(name)),
  }
}

/** Whether a user may set up a second factor in a sign-in, or this one: whoever has one proves it instead. */
export function maySetUp(pool: UserPoolSettings, user: Holder, factor?: SecondFactor): boolean {
  const { mfa, secondFactors: factors, passkeyAlone, toSetUp } = secondFactorsOf(pool, user)
  const hasNone = factors.length === 0 && !passkeyAlone
  return mfa === 'ON' && hasNone && (factor === undefined ? toSetUp.length > 0 : toSetUp.includes(factor))
}

/** The facts of a sign-in. */
export function factsOf(pool: UserPoolSettings, user: User): Facts {
  const second = secondFactorsOf(pool, user)
  return {
    ...second,
    firstFactors: firstFactorsOf(
      pool,
      user,
      second.mfa === 'ON' || second.secondFactors.length > 0 || second.passkeyAlone,
    ),
    mustChangePassword: user.status === 'FORCE_CHANGE_PASSWORD',
    devices: deviceTracking(pool),
  }
}

/**
 * The facts about who signs in. A name that belongs to nobody looks like most users do: with a password, and a verified
 * contact that codes go to; half of them with a passkey, which stands for both factors where the pool lets it. Where the
 * client hides who exists, a password is asked of users who have none, too: else they would be told apart from nobody.
 */
export function factsOfSigner({ pool, client }: Place, signer: Signer): Facts {
  const facts = factsOf(pool.settings, signer.user ?? nobody(signer))
  if (!hidesExistence(client.settings)) return facts
  return { ...facts, firstFactors: [...passwords, ...facts.firstFactors.filter((name) => !passwords.includes(name))] }
}

const nobody = ({ simulated, subject }: Signer): User => ({
  status: 'CONFIRMED',
  credential: 'decoy',
  attributes: simulated ? { [simulated.attribute]: simulated.value, [`${simulated.attribute}_verified`]: 'true' } : {},
  mfa: seemsToHavePasskey(subject) ? withPasskeys({ UserMFASettingList: ['WEB_AUTHN'] }, 1, true) : {},
})
