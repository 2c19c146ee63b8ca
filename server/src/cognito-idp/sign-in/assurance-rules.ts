// Levels of assurance (acr) and authentication methods (amr) of a sign-in, and what brings it to a level that an application
// asks for. Pure. docs/reference/oauth-and-federation.md 13; RFC 8176 2.
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { type Facts, type SecondFactor, secondFactorNames, secondFactors } from './factor-rules.ts'
import type { Proof, SignInState } from './sign-in.ts'

/** The higher the stronger. */
export type Level = 1 | 2 | 3 | 4

export type Method = 'pwd' | 'otp' | 'sms' | 'email_otp' | 'swk' | 'hwk'

export type Proven = Pick<SignInState, 'proofs' | 'roaming'>

/** `recovery`: a recovery code, which counts like a code that was sent, and has no name among the methods. */
type Counted = Method | 'recovery'

const methodOf: Readonly<Record<Proof, Counted | 'passkey' | undefined>> = {
  password: 'pwd',
  'new-password': 'pwd',
  // Whoever has just signed up has chosen the password.
  'sign-up': 'pwd',
  'sms-code': 'sms',
  'email-code': 'email_otp',
  'software-token': 'otp',
  passkey: 'passkey',
  'verified-passkey': 'passkey',
  'recovery-code': 'recovery',
  device: undefined,
}

function methodsOf({ proofs, roaming }: Proven): ReadonlySet<Counted> {
  const methods = proofs.map((proof) => methodOf[proof]).filter((method) => method !== undefined)
  return new Set(methods.map((method) => (method !== 'passkey' ? method : roaming ? 'hwk' : 'swk')))
}

/** Claim amr: the methods, and `mfa` where they are of two factors. */
export function amrOf(proven: Proven): readonly (Method | 'mfa')[] {
  const counted = methodsOf(proven)
  const named = [...counted].filter((method) => method !== 'recovery')
  return counted.size > 1 || proven.proofs.includes('verified-passkey') ? [...named, 'mfa'] : named
}

const proofOfMethod: Readonly<Record<Method, Proof>> = {
  pwd: 'password',
  otp: 'software-token',
  sms: 'sms-code',
  email_otp: 'email-code',
  swk: 'passkey',
  hwk: 'passkey',
}

/** What was proven in the sign-in of a token with this claim amr; methods of identity providers prove nothing here. */
export function provenBy(amr: readonly string[]): Proven {
  const methods = amr.filter((method): method is Method => Object.hasOwn(proofOfMethod, method))
  return {
    proofs: methods.map((method) => proofOfMethod[method]),
    ...(methods.includes('hwk') && { roaming: true as const }),
  }
}

interface LevelRow {
  readonly level: Level
  readonly isReached: (has: (method: Counted) => boolean) => boolean
}

const isCode = (has: (method: Counted) => boolean): boolean => has('sms') || has('email_otp') || has('recovery')

/** From the highest down. */
const levels: readonly LevelRow[] = [
  { level: 4, isReached: (has) => has('pwd') && has('otp') },
  { level: 3, isReached: (has) => has('swk') || has('hwk') || (has('pwd') && isCode(has)) },
  { level: 2, isReached: (has) => has('sms') || has('email_otp') },
  { level: 1, isReached: () => true },
]

/** The highest level that the proofs reach. */
export function levelOf(proven: Proven): Level {
  const methods = methodsOf(proven)
  return levels.find(({ isReached }) => isReached((method) => methods.has(method)))?.level ?? 1
}

/** What a user could be asked for, whether it is turned on or not. */
export function usableSecondFactors(pool: UserPoolSettings, user: Parameters<typeof isUsable>[1]): SecondFactor[] {
  if ((pool.MfaConfiguration ?? 'OFF') === 'OFF') return []
  return secondFactorNames.filter((name) => isUsable(pool, user, name))
}

const isUsable = (
  pool: UserPoolSettings,
  user: Parameters<(typeof secondFactors)['SMS_MFA']['isUsable']>[0],
  name: SecondFactor,
): boolean => secondFactors[name].isOffered(pool) && (secondFactors[name].isReady ?? secondFactors[name].isUsable)(user)

/** The second factors of these that bring a sign-in to a level. */
const bringingTo = (level: Level, proven: Proven, usable: readonly SecondFactor[]): readonly SecondFactor[] =>
  usable.filter((name) => {
    const { proof } = secondFactors[name]
    return !proven.proofs.includes(proof) && levelOf({ ...proven, proofs: [...proven.proofs, proof] }) >= level
  })

const proofOfFirst: Partial<Record<ChallengeNameType, Proof>> = {
  PASSWORD: 'password',
  PASSWORD_SRP: 'password',
  EMAIL_OTP: 'email-code',
  SMS_OTP: 'sms-code',
  WEB_AUTHN: 'passkey',
}

/**
 * The facts of a sign-in that is to reach one of these levels, the most wanted first: first factors that lead to none are left
 * out, and the second factors are those that lead there. The first level that the user can reach counts; where there is none
 * the facts stay as they are, and the application sees by the claims what was reached.
 */
export function towards(
  facts: Facts,
  { proofs, roaming }: SignInState,
  wanted: readonly Level[],
  usable: readonly SecondFactor[],
): Facts {
  // Whoever gives a recovery code has lost the factors that would be asked for.
  if (proofs.includes('recovery-code')) return facts
  for (const level of wanted) {
    if (proofs.length === 0) {
      const firstFactors = facts.firstFactors.filter((name) => {
        const proof = proofOfFirst[name]
        const begun: Proven = { proofs: proof ? [proof] : [] }
        return proof && (levelOf(begun) >= level || bringingTo(level, begun, usable).length > 0)
      })
      if (firstFactors.length > 0) return { ...facts, firstFactors }
      continue
    }
    if (levelOf({ proofs, roaming }) >= level) return facts
    const leading = bringingTo(level, { proofs, roaming }, usable)
    if (leading.length > 0) return { ...facts, secondFactors: leading, stepsUp: true }
  }
  return facts
}

/** Whether one more proof brings somebody with these proofs to the first of the levels that it can. */
export const couldStepUp = (proven: Proven, wanted: readonly Level[], usable: readonly SecondFactor[]): boolean =>
  couldReachMore(proven, wanted, usable, [])

/** The same, also by a sign-in from the beginning with one of these first factors. */
export function couldReachMore(
  proven: Proven,
  wanted: readonly Level[],
  usable: readonly SecondFactor[],
  firstFactors: readonly ChallengeNameType[],
): boolean {
  const canReach = (level: Level, from: Proven): boolean =>
    levelOf(from) >= level || bringingTo(level, from, usable).length > 0
  const begun = firstFactors.flatMap((name) => proofOfFirst[name] ?? []).map((proof) => ({ proofs: [proof] }))
  const first = wanted.find((level) => [proven, ...begun].some((from) => canReach(level, from)))
  return first !== undefined && levelOf(proven) < first
}
