import { describe, expect, test } from 'vitest'
import type { SocialProvider } from '../../federation/social/social-login.ts'
import { socialIdentity, socialRefusal } from './social-identity-rules.ts'

describe('socialIdentity', () => {
  const login = (provider: SocialProvider, claims: Record<string, unknown> = {}) =>
    socialIdentity({ provider, subject: 'user', audience: 'app', claims })

  test.each([
    ['www.amazon.com', { 'www.amazon.com:app_id': ['app'], 'www.amazon.com:user_id': ['user'] }],
    ['graph.facebook.com', { 'graph.facebook.com:app_id': ['app'], 'graph.facebook.com:id': ['user'] }],
    ['accounts.google.com', { 'accounts.google.com:aud': ['app'], 'accounts.google.com:sub': ['user'] }],
  ] as const)('%s', (provider, keys) => {
    expect(login(provider)).toEqual({ federatedPrincipal: provider, keys, subject: 'user', audience: 'app' })
  })

  test('Google has keys for the app and for its server', () => {
    expect(login('accounts.google.com', { aud: 'server', azp: 'app' }).keys).toMatchObject({
      'accounts.google.com:aud': ['app'],
      'accounts.google.com:oaud': ['server'],
    })
  })
})

test.each([
  ['invalid-token', undefined, { refused: 'rejected' }],
  ['expired', undefined, { refused: 'rejected' }],
  ['expired', 7, { refused: 'expired', now: 9, expiredAt: 7 }],
  ['unreachable', undefined, { refused: 'unreachable' }],
  ['not-yet-valid', undefined, { refused: 'not-yet-valid' }],
  ['bad-signature', undefined, { refused: 'signature' }],
  ['wrong-audience', undefined, { refused: 'audience' }],
  ['invalid-claims', undefined, { refused: 'malformed' }],
] as const)('socialRefusal: %s', (refused, expiredAt, expected) => {
  expect(socialRefusal({ refused, detail: '', expiredAt }, 9_999)).toEqual(expected)
})
