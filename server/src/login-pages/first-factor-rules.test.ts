import { describe, expect, it } from 'vitest'
import type { Place, Proof } from '../cognito-idp/sign-in/sign-in.ts'
import { choosesFirstFactor, offersPasskey } from './first-factor-rules.ts'

const place = (flows: string[], factors: string[] | undefined, rpId?: string): Place =>
  ({
    client: { settings: { ExplicitAuthFlows: flows } },
    pool: {
      settings: {
        Policies: { SignInPolicy: factors && { AllowedFirstAuthFactors: factors } },
        WebAuthnConfiguration: rpId && { RelyingPartyId: rpId },
      },
    },
  }) as never

describe('the sign-in page', () => {
  it.each([
    [['ALLOW_USER_AUTH'], ['PASSWORD', 'EMAIL_OTP'], true],
    [['ALLOW_USER_AUTH'], ['PASSWORD', 'WEB_AUTHN'], true],
    [['ALLOW_USER_AUTH'], ['PASSWORD'], false],
    [['ALLOW_USER_AUTH'], undefined, false],
    [['ALLOW_USER_PASSWORD_AUTH'], ['PASSWORD', 'EMAIL_OTP'], false],
    [[], ['PASSWORD', 'EMAIL_OTP'], false],
  ] as const)('of a client with %j in a pool with %j asks for the username first: %s', (flows, factors, asks) => {
    expect(choosesFirstFactor(place([...flows], factors && [...factors]))).toBe(asks)
  })
})

describe('a passkey is offered', () => {
  const able = place(['ALLOW_USER_AUTH'], ['PASSWORD', 'WEB_AUTHN'], 'example.com')
  const signed = (proofs: Proof[], hasPasskeys = false) => ({ session: { proofs }, user: { mfa: { hasPasskeys } } })
  it.each([
    ['after a sign-up', able, signed(['sign-up']), true],
    ['after a sign-up and a second factor', able, signed(['sign-up', 'software-token']), true],
    ['not after another sign-in', able, signed(['password']), false],
    ['not to who has one', able, signed(['sign-up'], true), false],
    [
      'not in a pool without',
      place(['ALLOW_USER_AUTH'], ['PASSWORD', 'EMAIL_OTP'], 'a.test'),
      signed(['sign-up']),
      false,
    ],
    [
      'not where the client signs nobody in with one',
      place([], ['PASSWORD', 'WEB_AUTHN'], 'a.test'),
      signed(['sign-up']),
      false,
    ],
    ['not at an address, which has no passkeys', place(['ALLOW_USER_AUTH'], ['WEB_AUTHN']), signed(['sign-up']), false],
  ])('%s', (_, where, who, offers) => {
    expect(offersPasskey(where, who, 'http://192.0.2.1:8080')).toBe(offers)
  })
})
