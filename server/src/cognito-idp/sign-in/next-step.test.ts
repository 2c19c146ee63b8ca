// The cases of next-step.cases.json, and what holds for every state: facts and state that a case does not name are empty.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Facts, type SecondFactor, secondFactors } from './factor-rules.ts'
import { insteadOf, nextStep } from './next-step.ts'
import type { Proof, SignInState } from './sign-in.ts'

interface Case {
  name: string
  facts?: Partial<Facts>
  state: Partial<SignInState>
  /** The name of a challenge, `tokens`, `decide`, or the reason of a refusal. */
  next: string
  among?: string[]
}

const cases = JSON.parse(readFileSync(new URL('next-step.cases.json', import.meta.url), 'utf8')) as Case[]
const noFacts: Facts = {
  mfa: 'OFF',
  firstFactors: [],
  secondFactors: [],
  toSetUp: [],
  passkeyAlone: false,
  mustChangePassword: false,
  devices: 'off',
}
const noState: SignInState = { began: 'password', proofs: [] }

const stepOf = (facts: Partial<Facts> | undefined, state: Partial<SignInState>): { next: string; among?: unknown } => {
  const step = nextStep({ ...noFacts, ...facts }, { ...noState, ...state })
  switch (step.kind) {
    case 'challenge':
      return step.among ? { next: step.name, among: step.among } : { next: step.name }
    case 'tokens':
      return { next: 'tokens' }
    case 'decide':
      return { next: 'decide' }
    case 'refused':
      return { next: step.reason }
  }
}

describe('what follows', () => {
  it.each(cases)('$name', ({ facts, state, next, among }) => {
    expect(stepOf(facts, state)).toEqual(among ? { next, among } : { next })
  })
})

const secondFactor = fc.constantFrom<SecondFactor>('SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP')
const anyFacts: fc.Arbitrary<Facts> = fc.record({
  mfa: fc.constantFrom('OFF', 'OPTIONAL', 'ON'),
  firstFactors: fc.uniqueArray(fc.constantFrom('PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN')),
  secondFactors: fc.uniqueArray(secondFactor),
  preferred: fc.option(secondFactor, { nil: undefined }),
  passkeyAlone: fc.boolean(),
  toSetUp: fc.uniqueArray(secondFactor),
  mustChangePassword: fc.boolean(),
  devices: fc.constantFrom('off', 'tracked', 'trusted'),
  stepsUp: fc.option(fc.constant(true), { nil: undefined }),
  risk: fc.option(fc.constantFrom('BLOCK', 'MFA_IF_CONFIGURED', 'MFA_REQUIRED'), { nil: undefined }),
})
/** A passkey is alone where there is no other second factor, and second factors are asked for. */
const facts = anyFacts.map((any) => ({
  ...any,
  passkeyAlone: any.passkeyAlone && any.mfa !== 'OFF' && any.secondFactors.length === 0,
}))
const proof = fc.constantFrom<Proof>(
  'password',
  'new-password',
  'sms-code',
  'email-code',
  'software-token',
  'recovery-code',
  'passkey',
  'verified-passkey',
  'sign-up',
  'device',
)
/** What each proof shows, written out: proofs of the same factor count once. */
const factorsOf = (one: Proof): string[] =>
  /^(new-password|sign-up)$/.test(one) ? ['password'] : one === 'verified-passkey' ? ['passkey', 'user'] : [one]
const state: fc.Arbitrary<SignInState> = fc.record({
  began: fc.constantFrom('password', 'choice'),
  proofs: fc.uniqueArray(proof),
  chosen: fc.option(
    fc.constantFrom(
      'PASSWORD',
      'PASSWORD_VERIFIER',
      'EMAIL_OTP',
      'SMS_MFA',
      'SOFTWARE_TOKEN_MFA',
      'WEB_AUTHN',
      'SELECT_MFA_TYPE',
    ),
    {
      nil: undefined,
    },
  ),
  settingUp: fc.option(fc.constant('EMAIL_OTP'), { nil: undefined }),
  device: fc.option(fc.record({ key: fc.constant('a_0'), remembered: fc.boolean() }), { nil: undefined }),
})

describe('whatever the facts and the state', () => {
  it('gives tokens only with every proof that is required', () => {
    fc.assert(
      fc.property(facts, state, (known, given) => {
        if (nextStep(known, given).kind !== 'tokens') return
        expect(given.proofs.length).toBeGreaterThan(0)
        if (known.mustChangePassword) expect(given.proofs).toContain('new-password')
        if (known.devices !== 'off' && given.device) expect(given.proofs).toContain('device')
        expect(known.risk).not.toBe('BLOCK')
        const trusts = known.devices === 'trusted' && known.risk === undefined
        const hasSecond = known.secondFactors.length > 0 || known.passkeyAlone
        const replaces = trusts && given.device?.remembered && hasSecond
        const counted = given.proofs.filter((one) => one !== 'device' || replaces)
        const factors = new Set(counted.flatMap(factorsOf))
        if (known.mfa === 'ON' || known.risk === 'MFA_REQUIRED') expect(factors.size).toBeGreaterThan(1)
        if (known.mfa === 'OPTIONAL' && hasSecond) expect(factors.size).toBeGreaterThan(1)
        if (known.stepsUp)
          expect(given.proofs).toEqual(
            expect.arrayContaining(known.secondFactors.map((one) => secondFactors[one].proof)),
          )
      }),
    )
  })

  it('asks for no factor twice, and for none that the user does not have', () => {
    const proofOf: Partial<Record<string, Proof>> = {
      SMS_MFA: 'sms-code',
      SOFTWARE_TOKEN_MFA: 'software-token',
      EMAIL_OTP: 'email-code',
      WEB_AUTHN: 'passkey',
      DEVICE_SRP_AUTH: 'device',
      DEVICE_PASSWORD_VERIFIER: 'device',
    }
    fc.assert(
      fc.property(facts, state, (known, given) => {
        const step = nextStep(known, given)
        if (step.kind !== 'challenge' || given.proofs.length === 0) return
        for (const name of [step.name, ...(step.among ?? [])]) {
          const asked = proofOf[name]
          if (asked === undefined) continue
          expect(given.proofs).not.toContain(asked)
          if (asked === 'passkey') {
            expect(given.proofs).not.toContain('verified-passkey')
            expect(known.passkeyAlone).toBe(true)
          } else if (asked === 'device') expect(known.devices !== 'off' && given.device !== undefined).toBe(true)
          else expect([...known.secondFactors, ...known.toSetUp]).toContain(name)
        }
      }),
    )
  })

  it('what could be asked in place of a challenge is asked when it is chosen', () => {
    fc.assert(
      fc.property(facts, state, (known, given) => {
        const step = nextStep(known, given)
        if (step.kind !== 'challenge') return
        for (const other of insteadOf(known, given, step.name)) {
          const { settingUp: _, ...rest } = given
          // PASSWORD_SRP begins with what no page has.
          if (other === 'PASSWORD_SRP') continue
          const then = nextStep(known, { ...rest, chosen: other })
          expect(then.kind === 'challenge' && then.name).toBe(other)
        }
      }),
    )
  })

  it('asks for a first proof that the user can give', () => {
    fc.assert(
      fc.property(facts, state, (known, given) => {
        if (given.proofs.length > 0 || given.began !== 'choice') return
        const step = nextStep(known, given)
        if (known.risk === 'BLOCK') {
          expect(step).toEqual({ kind: 'refused', reason: 'risk' })
          return
        }
        if (known.firstFactors.length === 0) {
          // What expect() gives back is no verdict of the property.
          expect(step).toEqual({ kind: 'refused', reason: 'no-first-factor' })
          return
        }
        if (step.kind !== 'challenge') throw new Error(`${step.kind} without a proof`)
        if (step.name === 'SELECT_CHALLENGE') expect(step.among).toEqual(known.firstFactors)
        else expect(known.firstFactors).toContain(step.name === 'PASSWORD_VERIFIER' ? 'PASSWORD_SRP' : step.name)
      }),
    )
  })

  it('gives the tokens of a custom sign-in only when its trigger says so, and a device that is known has proved itself', () => {
    const decision = fc.option(fc.constantFrom('tokens', 'fail', 'CUSTOM_CHALLENGE', 'PASSWORD_VERIFIER'), {
      nil: undefined,
    })
    fc.assert(
      fc.property(facts, state, decision, (known, given, decided) => {
        const { kind } = nextStep(known, { ...given, began: 'custom', decision: decided })
        const asks = known.devices !== 'off' && given.device !== undefined && !given.proofs.includes('device')
        const goesOn = known.risk !== 'BLOCK' && !(asks && given.device?.begun)
        expect(kind === 'tokens').toBe(goesOn && decided === 'tokens' && !asks)
        expect(kind === 'decide').toBe(goesOn && decided === undefined)
      }),
    )
  })

  it('lets nobody set up a factor who has one', () => {
    fc.assert(
      fc.property(facts, state, (known, given) => {
        const step = nextStep(known, given)
        if (step.kind !== 'challenge' || step.name !== 'MFA_SETUP') return
        expect(known).toMatchObject({ secondFactors: [], passkeyAlone: false })
      }),
    )
  })
})
