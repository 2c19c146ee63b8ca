// What a user can sign in with: the pool's settings, the user's state, and whether the client hides who exists.
import { describe, expect, it } from 'vitest'
import { standardAttributes } from '../user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { StoredUser } from '../users/user-store.ts'
import { factsOf, factsOfSigner } from './factor-rules.ts'
import type { Place, Signer } from './sign-in.ts'

type User = Pick<StoredUser, 'status' | 'attributes' | 'mfa' | 'credential'>

const pool = (
  factors: readonly ('PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN')[],
  more: Partial<UserPoolSettings> = {},
): UserPoolSettings => ({
  Name: 'test',
  SchemaAttributes: [...standardAttributes],
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: [...factors] } },
  ...more,
})
const all = ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] as const
const contacts = { email: 'a@b.example', phone_number: '+15550100' }
const verified = { ...contacts, email_verified: 'true', phone_number_verified: 'true' }
const user = (more: Partial<User> = {}): User => ({
  status: 'CONFIRMED',
  credential: 'sealed',
  attributes: verified,
  mfa: { hasPasskeys: true, passkeys: { count: 1, verifying: 1 } },
  ...more,
})
const passwords = ['PASSWORD', 'PASSWORD_SRP']
const everything = [...passwords, 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN']
const emailMfa = { EmailMfaConfiguration: {} }
const standsForBoth = {
  mfa: { hasPasskeys: true, passkeys: { count: 1, verifying: 1 }, UserMFASettingList: ['EMAIL_OTP', 'WEB_AUTHN'] },
}
const bothFactors = {
  WebAuthnConfiguration: { FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION' as const },
}

describe('first factors', () => {
  it.each<[string, UserPoolSettings, User, readonly string[]]>([
    ['what the pool offers and the user has', pool(all), user(), everything],
    ['what the pool offers', pool(['PASSWORD', 'SMS_OTP']), user(), [...passwords, 'SMS_OTP']],
    ['passwords, of a pool without a policy', { ...pool([]), Policies: undefined }, user(), passwords],
    ['no unverified contact', pool(all), user({ attributes: contacts, mfa: {} }), passwords],
    [
      'the contacts of a sign-up',
      pool(all),
      user({ status: 'UNCONFIRMED', attributes: contacts, mfa: {} }),
      everything.slice(0, 4),
    ],
    [
      'no password where there is none',
      pool(all),
      user({ credential: '', attributes: contacts, mfa: {} }),
      ['EMAIL_OTP', 'SMS_OTP'],
    ],
    ['passwords where a temporary one waits', pool(all), user({ status: 'FORCE_CHANGE_PASSWORD' }), passwords],
    ['nothing of a federated user', pool(all), user({ status: 'EXTERNAL_PROVIDER', credential: '', mfa: {} }), []],
    [
      'passwords where a second factor is required',
      pool(all, { MfaConfiguration: 'ON', ...emailMfa }),
      user(),
      passwords,
    ],
    [
      'everything where second factors are optional',
      pool(all, { MfaConfiguration: 'OPTIONAL', ...emailMfa }),
      user(),
      everything,
    ],
    [
      'passwords where the user has turned a second factor on',
      pool(all, { MfaConfiguration: 'OPTIONAL', ...emailMfa }),
      user({ mfa: { hasPasskeys: true, UserMFASettingList: ['EMAIL_OTP'] } }),
      passwords,
    ],
    [
      'a passkey that counts as both factors',
      pool(all, { MfaConfiguration: 'ON', ...emailMfa, ...bothFactors }),
      user(standsForBoth),
      [...passwords, 'WEB_AUTHN'],
    ],
    [
      'the same beside a second factor that is turned on',
      pool(all, { MfaConfiguration: 'OPTIONAL', ...emailMfa, ...bothFactors }),
      user(standsForBoth),
      [...passwords, 'WEB_AUTHN'],
    ],
    [
      'no passkey that the user has not made stand for both',
      pool(all, { MfaConfiguration: 'ON', ...emailMfa, ...bothFactors }),
      user(),
      passwords,
    ],
    [
      'no passkey where the pool takes it for one factor',
      pool(all, { MfaConfiguration: 'ON', ...emailMfa }),
      user(standsForBoth),
      passwords,
    ],
    [
      'no passkey that would be one factor only, as it was made without verifying its user',
      pool(all, { MfaConfiguration: 'ON', ...emailMfa, ...bothFactors }),
      user({ mfa: { ...standsForBoth.mfa, passkeys: { count: 1, verifying: 0 } } }),
      passwords,
    ],
  ])('are %s', (_, settings, of, expected) => {
    expect(factsOf(settings, of).firstFactors).toEqual(expected)
  })
})

describe('first factors as a client shows them', () => {
  const place = (PreventUserExistenceErrors: 'ENABLED' | 'LEGACY', factors = all as readonly (typeof all)[number][]) =>
    ({
      pool: { settings: pool(factors) },
      client: { settings: { ClientName: 'app', PreventUserExistenceErrors } },
    }) as unknown as Place
  const signer = (more: Partial<Signer>): Signer => ({ subject: 'x', userId: 'x', user: undefined, ...more })
  const withoutPassword = signer({ user: user({ credential: '', mfa: {} }) as StoredUser })

  it('are those of most users for a name that belongs to nobody', () => {
    const simulated = { attribute: 'email', value: 'x@y' } as const
    expect(factsOfSigner(place('ENABLED'), signer({ simulated })).firstFactors).toEqual([...passwords, 'EMAIL_OTP'])
    expect(factsOfSigner(place('ENABLED', ['PASSWORD']), signer({})).firstFactors).toEqual(passwords)
  })

  it('have a passkey for some names that belong to nobody, also where it stands for both factors', () => {
    const { pool: ofPool, client } = place('ENABLED')
    const settings = { ...ofPool.settings, MfaConfiguration: 'ON' as const, ...emailMfa, ...bothFactors }
    const strict = { pool: { ...ofPool, settings }, client }
    const of = (subject: string) => factsOfSigner(strict, signer({ subject })).firstFactors
    expect([of('aa'), of('ab')]).toEqual([passwords, [...passwords, 'WEB_AUTHN']])
  })

  it('have a password for everybody where the client hides who exists', () => {
    expect(factsOfSigner(place('ENABLED'), withoutPassword).firstFactors).toEqual([
      ...passwords,
      'EMAIL_OTP',
      'SMS_OTP',
    ])
    expect(factsOfSigner(place('LEGACY'), withoutPassword).firstFactors).toEqual(['EMAIL_OTP', 'SMS_OTP'])
  })
})

describe('a passkey that is the only second factor', () => {
  const strict = (more: Partial<UserPoolSettings> = {}) =>
    pool(all, { MfaConfiguration: 'OPTIONAL', ...emailMfa, ...bothFactors, ...more })
  const on = (...UserMFASettingList: string[]) => user({ mfa: { ...standsForBoth.mfa, UserMFASettingList } })
  it.each<[string, UserPoolSettings, User, boolean]>([
    ['is one that stands for both', strict(), on('WEB_AUTHN'), true],
    [
      'the same where a factor is required and none is ready',
      strict({ MfaConfiguration: 'ON' }),
      { ...on('WEB_AUTHN'), attributes: {} },
      true,
    ],
    ['is none beside another one', strict(), on('EMAIL_OTP', 'WEB_AUTHN'), false],
    [
      'is one beside another that cannot be asked for',
      strict({ EmailMfaConfiguration: undefined }),
      on('EMAIL_OTP', 'WEB_AUTHN'),
      true,
    ],
    ['is none where another one is ready and required', strict({ MfaConfiguration: 'ON' }), on('WEB_AUTHN'), false],
    ['is none that the user has not turned on', strict(), on(), false],
    ['is none where second factors are off', strict({ MfaConfiguration: 'OFF' }), on('WEB_AUTHN'), false],
    ['is none where passkeys stand for one factor', strict({ WebAuthnConfiguration: {} }), on('WEB_AUTHN'), false],
    ['is none where the pool lets nobody use passkeys', { ...strict(), Policies: undefined }, on('WEB_AUTHN'), false],
  ])('%s', (_, settings, of, expected) => {
    const { passkeyAlone, firstFactors } = factsOf(settings, of)
    expect(passkeyAlone).toBe(expected)
    // Then a code is no first factor: the passkey would have to follow it.
    if (expected) expect(firstFactors).toEqual([...passwords, 'WEB_AUTHN'])
  })
})
