// What follows the proofs given so far: a challenge, tokens, or a refusal. Pure, and the only place that knows the order
// of the steps of a sign-in, for the API, the Admin operations and the login pages. Its cases are next-step.cases.json; the
// facts are factor-rules.ts. docs/reference/user-pools.md 9.6, 9.7, 9.8.
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import type { SignInRefusalReason } from '../../events.ts'
import { type Facts, type SecondFactor, secondFactors } from './factor-rules.ts'
import type { Proof, SignInState } from './sign-in.ts'

export type NextStep =
  /** `among`: what the user may choose from, where the challenge is a choice. */
  | { kind: 'challenge'; name: ChallengeNameType; among?: readonly ChallengeNameType[] }
  | { kind: 'tokens' }
  /** A trigger of the pool decides (custom-decision.ts). */
  | { kind: 'decide' }
  | { kind: 'refused'; reason: SignInRefusalReason }

interface Row {
  readonly when: (facts: Facts, state: SignInState) => boolean
  readonly next: (facts: Facts, state: SignInState) => NextStep
}

/** The first row that holds decides. */
const table: readonly Row[] = [
  { when: ({ risk }) => risk === 'BLOCK', next: () => ({ kind: 'refused', reason: 'risk' }) },
  // A device that has begun to prove itself goes on: the answer to its first half is good for the second alone.
  {
    when: (facts, state) => state.device?.begun === true && asksDevice(facts, state),
    next: (_, state) => deviceChallenge(state),
  },
  // A custom sign-in: what its trigger says.
  {
    when: (_, state) => state.began === 'custom' && state.decision === undefined,
    next: () => ({ kind: 'decide' }),
  },
  { when: (_, { decision }) => decision === 'fail', next: () => ({ kind: 'refused', reason: 'custom-failed' }) },
  {
    when: (facts, state) => state.decision === 'tokens' && asksDevice(facts, state),
    next: (_, state) => deviceChallenge(state),
  },
  { when: (_, { decision }) => decision === 'tokens', next: () => ({ kind: 'tokens' }) },
  {
    when: (_, { decision }) => decision !== undefined,
    next: (_, { decision }) => challenge(decision as ChallengeNameType),
  },
  // The first proof.
  {
    when: (facts, state) => isBeginning(state) && (state.began === 'password' || choosesSrp(facts, state)),
    next: () => challenge('PASSWORD_VERIFIER'),
  },
  {
    when: (facts, state) => isBeginning(state) && facts.firstFactors.some((factor) => factor === state.chosen),
    next: (_, state) => challenge(state.chosen as ChallengeNameType),
  },
  {
    when: (facts, state) => isBeginning(state) && facts.firstFactors.length === 0,
    next: () => ({ kind: 'refused', reason: 'no-first-factor' }),
  },
  {
    when: (_, state) => isBeginning(state),
    next: (facts) => challenge('SELECT_CHALLENGE', facts.firstFactors),
  },
  // A temporary password is replaced before anything else.
  {
    when: (facts, state) => facts.mustChangePassword && !state.proofs.includes('new-password'),
    next: () => challenge('NEW_PASSWORD_REQUIRED'),
  },
  // A device proves itself last; one that is trusted comes before the second factor, which it then replaces.
  {
    when: (facts, state) => asksDevice(facts, state) && (isTrusted(facts, state) || !needsSecondFactor(facts, state)),
    next: (_, state) => deviceChallenge(state),
  },
  // The second factor.
  // A user who could set one up by now might be the one whom the risk is about.
  {
    when: (facts, state) =>
      facts.risk === 'MFA_REQUIRED' &&
      !hasTwoFactors(facts, state) &&
      left(facts, state).length === 0 &&
      !asksPasskey(facts, state),
    next: () => ({ kind: 'refused', reason: 'risk' }),
  },
  { when: (facts, state) => !needsSecondFactor(facts, state), next: () => ({ kind: 'tokens' }) },
  { when: asksPasskey, next: () => challenge('WEB_AUTHN') },
  {
    when: (facts, state) => left(facts, state).some((factor) => factor === state.chosen),
    next: (_, state) => challenge(state.chosen as SecondFactor),
  },
  {
    when: (facts, state) =>
      state.chosen !== 'SELECT_MFA_TYPE' && left(facts, state).some((factor) => factor === facts.preferred),
    next: (facts) => challenge(facts.preferred as SecondFactor),
  },
  {
    when: (facts, state) => left(facts, state).length === 1,
    next: (facts, state) => challenge(left(facts, state)[0] as SecondFactor),
  },
  {
    when: (facts, state) => left(facts, state).length > 1,
    next: (facts, state) => challenge('SELECT_MFA_TYPE', left(facts, state)),
  },
  {
    when: (facts, state) => setsUp(facts, state).some((name) => name === state.settingUp),
    next: (_, state) => challenge(state.settingUp as SecondFactor),
  },
  {
    when: (facts, state) => setsUp(facts, state).length > 0,
    next: (facts, state) => challenge('MFA_SETUP', setsUp(facts, state)),
  },
  { when: () => true, next: () => ({ kind: 'refused', reason: 'no-second-factor' }) },
]

/** What follows. */
export function nextStep(facts: Facts, state: SignInState): NextStep {
  const row = table.find(({ when }) => when(facts, state))
  if (!row) throw new Error('No row of the table of next steps holds.')
  return row.next(facts, state)
}

/**
 * What could be asked for in place of a challenge that is asked: another first or second factor; while one is set up, the
 * choice of what to set up.
 */
export function insteadOf(facts: Facts, state: SignInState, name: ChallengeNameType): readonly ChallengeNameType[] {
  if (isBeginning(state)) return others(facts.firstFactors, name)
  if (setsUp(facts, state).some((factor) => factor === name)) return ['MFA_SETUP']
  return others(left(facts, state), name)
}

function others(among: readonly ChallengeNameType[], name: ChallengeNameType): readonly ChallengeNameType[] {
  return among.includes(name) ? among.filter((other) => other !== name) : []
}

const challenge = (name: ChallengeNameType, among?: readonly ChallengeNameType[]): NextStep =>
  among ? { kind: 'challenge', name, among } : { kind: 'challenge', name }

const isBeginning = ({ proofs }: SignInState): boolean => proofs.length === 0

const choosesSrp = ({ firstFactors }: Facts, { chosen }: SignInState): boolean =>
  chosen === 'PASSWORD_VERIFIER' && firstFactors.includes('PASSWORD_SRP')

/** Second factors that may be asked for and have not been given as a proof already. */
const left = (facts: Facts, { proofs }: SignInState): readonly SecondFactor[] =>
  facts.secondFactors.filter((name) => !proofs.includes(secondFactors[name].proof))

/** Second factors that a user who has none may set up; one that was given as the first proof would be no second one. */
const setsUp = (facts: Facts, { proofs }: SignInState): readonly SecondFactor[] =>
  hasSecondFactor(facts) ? [] : facts.toSetUp.filter((name) => !proofs.includes(secondFactors[name].proof))

const deviceChallenge = ({ device }: SignInState): NextStep =>
  challenge(device?.begun ? 'DEVICE_PASSWORD_VERIFIER' : 'DEVICE_SRP_AUTH')

const asksDevice = (facts: Facts, { device, proofs }: SignInState): boolean =>
  facts.devices !== 'off' && device !== undefined && !proofs.includes('device')

/**
 * Whether the device's proof takes the place of the second factor; where there is none to replace, one is set up, and where
 * there is a risk it is asked for all the same.
 */
const isTrusted = (facts: Facts, { device }: SignInState): boolean =>
  facts.devices === 'trusted' && facts.risk === undefined && device?.remembered === true && hasSecondFactor(facts)

const hasTwoFactors = (facts: Facts, state: SignInState): boolean => {
  const counted = state.proofs.filter((proof) => proof !== 'device' || isTrusted(facts, state))
  return new Set(counted.flatMap(factorsOf)).size > 1
}

const needsSecondFactor = (facts: Facts, state: SignInState): boolean => {
  if (facts.stepsUp && left(facts, state).length > 0) return true
  if ((facts.mfa === 'OFF' && facts.risk === undefined) || hasTwoFactors(facts, state)) return false
  return facts.mfa === 'ON' || hasSecondFactor(facts)
}

const hasSecondFactor = ({ secondFactors: factors, passkeyAlone }: Facts): boolean => factors.length > 0 || passkeyAlone

/** Whoever has lost the other factors proves the passkey beside the first proof, whichever that was. */
function asksPasskey({ passkeyAlone }: Facts, { proofs }: SignInState): boolean {
  return passkeyAlone && !proofs.includes('passkey') && !proofs.includes('verified-passkey')
}

/**
 * Proofs of the same factor count once. Who has just signed up has chosen the password, or proven where codes go. What only
 * the authenticator's user knows or is counts beside the authenticator.
 */
const factorsOf = (proof: Proof): string[] => {
  if (proof === 'verified-passkey') return ['passkey', 'user-verification']
  return [proof === 'new-password' || proof === 'sign-up' ? 'password' : proof]
}
