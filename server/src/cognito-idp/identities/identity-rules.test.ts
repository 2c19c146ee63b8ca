import { describe, expect, it } from 'vitest'
import { triggerAttributes } from '../users/trigger-attributes.ts'
import type { StoredUser } from '../users/user-store.ts'
import { federatedUsername, usernameProblem } from './federated-user-rules.ts'
import {
  type FederatedIdentity,
  identitiesClaim,
  identitiesText,
  identityKey,
  matchesOf,
  SUBJECT,
} from './identity-rules.ts'
import { linked, matchOf, withoutSignIn } from './link-rules.ts'

const identity: FederatedIdentity = {
  provider: 'Own',
  type: 'SAML',
  issuer: 'https://idp.example',
  attribute: SUBJECT,
  value: 'ann',
  primary: true,
  createdAt: 1_600_000_000_000,
}

describe('an identity', () => {
  it('is shown with flags and numbers by the API, and as text in an ID token', () => {
    const shown = { userId: 'ann', providerName: 'Own', providerType: 'SAML', issuer: 'https://idp.example' }
    expect(JSON.parse(identitiesText([identity]) as string)).toEqual([
      { ...shown, primary: true, dateCreated: 1_600_000_000_000 },
    ])
    expect(identitiesClaim([identity])).toEqual([{ ...shown, primary: 'true', dateCreated: '1600000000000' }])
    const { issuer: _, ...social } = identity
    expect(JSON.parse(identitiesText([social]) as string)).toMatchObject([{ issuer: null }])
    expect(identitiesText([])).toBeUndefined()
    expect(identitiesClaim([])).toBeUndefined()
  })

  it('is told to triggers as the API shows it, and its absence is not', () => {
    const user = { sub: 's', status: 'EXTERNAL_PROVIDER' as const, attributes: {} }
    const told = { sub: 's', 'cognito:user_status': 'EXTERNAL_PROVIDER' }
    expect(triggerAttributes({ ...user, identities: [identity] })).toEqual({
      ...told,
      identities: identitiesText([identity]),
    })
    expect(triggerAttributes({ ...user, identities: [] })).toEqual(told)
  })

  it('has a key that no other part can be mistaken in', () => {
    const key = (provider: string, attribute: string, value: string) => identityKey({ provider, attribute, value })
    const keys = [key('a', 'b', 'c'), key('a,b', '', 'c'), key('a', 'b,c', ''), key('a', 'b', 'C'), key('A', 'b', 'c')]
    expect(new Set(keys).size).toBe(5)
    for (const one of keys) expect(one).toMatch(/^@[\w-]{43}$/)
  })

  it('is looked for by the subject first, and never by an empty attribute', () => {
    expect(matchesOf('Own', 's', { email: 'a@x', name: '' })).toEqual([
      { provider: 'Own', attribute: SUBJECT, value: 's' },
      { provider: 'Own', attribute: 'email', value: 'a@x' },
    ])
  })
})

describe('federatedUsername', () => {
  it('is of provider and subject, in lower case where usernames have no case', () => {
    const of = { provider: 'Google', subject: 'AbC' }
    expect(federatedUsername({}, of)).toBe('Google_AbC')
    expect(federatedUsername({ UsernameConfiguration: { CaseSensitive: false } }, of)).toBe('google_abc')
  })

  it('may be too long, or have characters that no username has', () => {
    expect(usernameProblem('Google_1')).toBeUndefined()
    expect(usernameProblem('x'.repeat(128))).toBeUndefined()
    expect(usernameProblem('x'.repeat(129))).toBe('too-long')
    for (const name of ['Own_Ann Lee', 'Own_\0', 'Own_\n']) expect(usernameProblem(name)).toBe('characters')
  })
})

describe('links', () => {
  const user = { sub: 's', identities: [identity] } as unknown as StoredUser
  const provider = { name: 'Own', type: 'SAML', issuer: 'https://idp.example', mapped: [] } as const
  const match = { provider: 'Own', attribute: SUBJECT, value: 'other' }

  it('end at five identities', () => {
    let current = user
    for (let n = 1; n < 5; n++) current = (linked(current, provider, { ...match, value: `${n}` }, 1) as never)['user']
    expect(current.identities).toHaveLength(5)
    expect(linked(current, provider, match, 1)).toEqual({
      refused: 'LimitExceededException',
      message: 'A user can not have more than 5 identities.',
    })
  })

  it('are removed, and the identity that a user came by is disabled', () => {
    const both = (linked(user, provider, match, 1) as { user: StoredUser }).user
    expect(withoutSignIn(both, match).identities).toEqual([identity])
    expect(withoutSignIn(both, identity).identities).toEqual([{ ...identity, disabled: true }, both.identities[1]])
  })

  it.each([
    [{}, 'Invalid User: ProviderName is required'],
    [{ ProviderName: 'Own' }, 'Invalid User: ProviderAttributeValue is required'],
    [{ ProviderName: 'Own', ProviderAttributeValue: 'x' }, 'Invalid User: ProviderAttributeName is required'],
    [
      { ProviderName: 'Own', ProviderAttributeName: 'a', ProviderAttributeValue: 'x'.repeat(2049) },
      'Invalid User: ProviderAttributeValue is longer than 2048 characters',
    ],
  ])('need the parts of an identifier: %j', (given, message) => {
    expect(matchOf('User', given)).toEqual({ refused: 'InvalidParameterException', message })
  })
})
