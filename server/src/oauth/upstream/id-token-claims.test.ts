import { describe, expect, it } from 'vitest'
import { idTokenProblem } from './id-token-claims.ts'

const NOW = 1_800_000_000
// OpenID Connect Core, appendix A.4: an access token and its hash.
const ACCESS_TOKEN = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y'
const AT_HASH = '77QmUPtjPfzWtF2AnpK9RQ'
const expected: Parameters<typeof idTokenProblem>[1] = {
  clientId: 'pool',
  nonce: 'n',
  accessToken: ACCESS_TOKEN,
  now: NOW,
}
const token = (changes: { claims?: object; header?: object; audiences?: string[]; authorizedParty?: string } = {}) => ({
  header: { alg: 'RS256', ...changes.header },
  claims: { nonce: 'n', iat: NOW, at_hash: AT_HASH, ...changes.claims },
  audiences: changes.audiences ?? ['pool'],
  ...(changes.authorizedParty !== undefined && { authorizedParty: changes.authorizedParty }),
})

describe('an ID token of a provider', () => {
  it.each([
    ['of this request', {}],
    ['without hash and time', { claims: { at_hash: undefined, iat: undefined } }],
    ['for several, issued to this client', { audiences: ['pool', 'other'], authorizedParty: 'pool' }],
    ['of a clock that is a little ahead', { claims: { iat: NOW + 60 } }],
    ['signed with SHA-512', { header: { alg: 'EdDSA' }, claims: { at_hash: undefined } }],
  ])('%s is taken', (_what, changes) => {
    expect(idTokenProblem(token(changes), expected)).toBeUndefined()
  })

  it('of a sign-in there that is too old is refused, where a recent one was asked for', () => {
    const of = (auth_time: unknown, maxAge?: number) =>
      idTokenProblem(token({ claims: { auth_time } }), { ...expected, maxAge })
    expect([of(NOW - 660, 600), of(NOW - 661), of(undefined, 600)]).toEqual([undefined, undefined, undefined])
    expect([of(NOW - 661, 600), of('now', 600)]).toEqual(['Bad id_token auth_time', 'Bad id_token auth_time'])
  })

  it.each([
    ['for another client', { audiences: ['other'] }, 'Bad id_token audience'],
    ['for nobody', { audiences: [] }, 'Bad id_token audience'],
    ['for several without azp', { audiences: ['pool', 'other'] }, 'Bad id_token azp'],
    ['issued to another client', { authorizedParty: 'other' }, 'Bad id_token azp'],
    ['of another request', { claims: { nonce: 'm' } }, 'Bad id_token nonce'],
    ['without nonce', { claims: { nonce: undefined } }, 'Bad id_token nonce'],
    ['of the future', { claims: { iat: NOW + 61 } }, 'Bad id_token iat'],
    ['with a time as text', { claims: { iat: String(NOW) } }, 'Bad id_token iat'],
    ['of another access token', { claims: { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' } }, 'Bad id_token at_hash'],
    ['with a hash that is no text', { claims: { at_hash: 1 } }, 'Bad id_token at_hash'],
    ['with the hash of another algorithm', { header: { alg: 'RS512' } }, 'Bad id_token at_hash'],
  ])('%s is refused', (_what, changes, problem) => {
    expect(idTokenProblem(token(changes), expected)).toBe(problem)
  })
})
