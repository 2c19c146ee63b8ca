import { describe, expect, it } from 'vitest'
import { OAuthError } from '../oauth-error.ts'
import { readClientMetadata, registeredSettings } from './client-metadata.ts'

const URI = 'https://app.example.com/cb'
const read = (given: Record<string, unknown>) => readClientMetadata(given, ['code', 'client_credentials'])
const refusal = (run: () => unknown): string | undefined => {
  try {
    run()
    return undefined
  } catch (error) {
    return error instanceof OAuthError ? error.code : String(error)
  }
}

describe('the metadata of a client that registers itself', () => {
  it('has the defaults of RFC 7591', () => {
    expect(read({ redirect_uris: [URI] })).toEqual({
      name: 'Registered application',
      redirectUris: [URI],
      authMethod: 'client_secret_basic',
      flow: 'code',
      scopes: undefined,
    })
  })

  it.each([
    [{ grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] }, 'code'],
    [{ grant_types: ['client_credentials'], response_types: [] }, 'client_credentials'],
    [{ grant_types: ['client_credentials'] }, 'client_credentials'],
    [{ unknown_member: { a: 1 }, logo_uri: 'https://x.example/y' }, 'code'],
  ])('%j is of the flow %s', (given, flow) => {
    expect(read({ redirect_uris: [URI], ...given }).flow).toBe(flow)
  })

  it.each([
    [{}],
    [{ redirect_uris: [] }],
    [{ redirect_uris: URI }],
    [{ redirect_uris: [1] }],
    [{ redirect_uris: ['/cb'] }],
    [{ redirect_uris: ['https://app.example.com/#x'] }],
    [{ redirect_uris: ['https://user@app.example.com/'] }],
    [{ redirect_uris: ['https://app.example.com/a b'] }],
    [{ redirect_uris: ['http://app.example.com/'] }],
    [{ redirect_uris: ['http://127.0.0.1.example.com/'] }],
    ...['javascript:', 'JavaScript:', 'data:', 'vbscript:', 'file:///', 'blob:', 'view-source:', 'about:'].map(
      (scheme) => [{ redirect_uris: [`${scheme}x`] }],
    ),
    [{ redirect_uris: [`https://a.example/${'x'.repeat(1024)}`] }],
    [{ redirect_uris: Array.from({ length: 101 }, (_, n) => `https://a.example/${n}`) }],
    [{ redirect_uris: [URI, 'javascript:1'] }],
    ...['intent://x', 'android-app://x', 'jar:https://x!/', 'chrome://settings', 'ms-msdt:x', 'search-ms:x'].map(
      (uri) => [{ redirect_uris: [uri] }],
    ),
  ] as Record<string, unknown>[][])('%j has a bad redirect URI', (given) => {
    expect(refusal(() => read(given as never))).toBe('invalid_redirect_uri')
  })

  it.each([
    'http://localhost:3000/cb',
    'http://127.0.0.1/cb',
    'http://[::1]:9/cb',
    'com.example.app:/cb',
    'cursor://x/cb',
  ])('%s may be a redirect URI', (uri) => expect(read({ redirect_uris: [uri] }).redirectUris).toEqual([uri]))

  it.each([
    { grant_types: ['implicit'] },
    { grant_types: [] },
    { grant_types: ['refresh_token'] },
    { grant_types: ['authorization_code', 'client_credentials'] },
    { grant_types: 'authorization_code' },
    { response_types: ['token'] },
    { response_types: ['code', 'token'] },
    { response_types: [] },
    { token_endpoint_auth_method: 'private_key_jwt' },
    { token_endpoint_auth_method: 1 },
    { grant_types: ['client_credentials'], token_endpoint_auth_method: 'none' },
    { client_name: 7 },
    { scope: ['openid'] },
  ])('%j is refused', (given) => {
    expect(refusal(() => read({ redirect_uris: [URI], ...given }))).toBe('invalid_client_metadata')
  })

  it('has no flow that the registration may not have', () => {
    expect(refusal(() => readClientMetadata({ redirect_uris: [URI] }, ['client_credentials']))).toBe(
      'invalid_client_metadata',
    )
    // `implicit` is accepted in the pool's list and gives nothing.
    expect(refusal(() => readClientMetadata({ redirect_uris: [URI], grant_types: ['implicit'] }, ['implicit']))).toBe(
      'invalid_client_metadata',
    )
  })

  it.each([
    ['Claude Code (work)', 'Claude Code work'],
    ['<b>Bank</b>', 'b Bank b'],
    ['\u202e evil', 'evil'],
    ['  ', 'Registered application'],
    ['x'.repeat(500), 'x'.repeat(128)],
  ])('the name %j becomes %j', (client_name, name) => {
    expect(read({ redirect_uris: [URI], client_name }).name).toBe(name)
  })
})

describe('the scopes of a client that registers itself', () => {
  const known = { poolId: 'p', providers: [], scopes: ['aws.cognito/dcr/register', 'api/read', 'api/write'] }
  const allowed = { AllowedScopes: ['api/read', 'gone/scope', 'aws.cognito/dcr/register'] }
  const scopesOf = (given: Record<string, unknown>) =>
    registeredSettings(read({ redirect_uris: [URI], ...given }), allowed, known).AllowedOAuthScopes

  it.each([
    [{}, ['openid', 'email', 'phone', 'profile', 'api/read']],
    [{ scope: 'openid api/read' }, ['openid', 'api/read']],
    [{ grant_types: ['client_credentials'] }, ['api/read']],
  ])('of %j are %j', (given, scopes) => expect(scopesOf(given)).toEqual(scopes))

  it.each([
    { scope: 'api/write' },
    { scope: 'gone/scope' },
    { scope: 'aws.cognito/dcr/register' },
    { scope: 'aws.cognito.signin.user.admin' },
    { grant_types: ['client_credentials'], scope: 'openid' },
  ])('%j is refused', (given) => expect(refusal(() => scopesOf(given))).toBe('invalid_client_metadata'))

  it('of an application without users there must be some', () => {
    const asked = read({ grant_types: ['client_credentials'] })
    expect(refusal(() => registeredSettings(asked, {}, known))).toBe('invalid_client_metadata')
  })
})
