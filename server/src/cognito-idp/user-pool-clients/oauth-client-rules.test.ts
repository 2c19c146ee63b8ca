import { describe, expect, it } from 'vitest'
import type { UserPoolClientSettings } from './client-store.ts'
import { oauthRefusal } from './oauth-client-rules.ts'

const known = {
  poolId: 'us-east-1_pool',
  scopes: ['api/read'],
  providers: [{ name: 'Google', type: 'Google' }],
} as const
const CODE: Partial<UserPoolClientSettings> = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['code', 'implicit'],
  AllowedOAuthScopes: ['openid', 'email', 'phone', 'profile', 'aws.cognito.signin.user.admin', 'api/read'],
  CallbackURLs: ['https://example.com/callback'],
}
const MACHINE: Partial<UserPoolClientSettings> = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['client_credentials'],
  AllowedOAuthScopes: ['api/read'],
}
const refusal = (settings: Partial<UserPoolClientSettings>, hasSecret = false) =>
  oauthRefusal({ ClientName: 'x', ...settings }, hasSecret, known)

describe('OAuth settings of a client that are allowed', () => {
  const urls = (...CallbackURLs: string[]) => ({ ...CODE, CallbackURLs })
  it.each<[string, Partial<UserPoolClientSettings>, boolean?]>([
    ['none', {}],
    ['the flows of users', CODE],
    ['the flow of machines with a secret', MACHINE, true],
    ['flows and scopes that are not in use', { ...CODE, AllowedOAuthFlowsUserPoolClient: false }],
    ['an own scheme', urls('myapp://callback', 'com.example.app:/cb', 'myapp://')],
    [
      'http on one’s own machine',
      urls('http://localhost', 'http://localhost:3000/a', 'http://127.0.0.1:1', 'http://[::1]:8080/'),
    ],
    ['a query', urls('https://example.com/?a=1')],
    ['a default that is listed', { ...CODE, DefaultRedirectURI: 'https://example.com/callback' }],
    ['known providers', { SupportedIdentityProviders: ['COGNITO', 'Google'] }],
  ])('%s', (_, settings, hasSecret) => {
    expect(refusal(settings, hasSecret)).toBeUndefined()
  })
})

describe('OAuth settings of a client that are refused', () => {
  const required =
    'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.'
  const cases: [string, Partial<UserPoolClientSettings>, boolean, string, string][] = [
    ['no flows', { ...CODE, AllowedOAuthFlows: undefined }, false, 'InvalidParameterException', required],
    ['no scopes', { ...CODE, AllowedOAuthScopes: undefined }, false, 'InvalidParameterException', required],
    [
      'machines along with users',
      { ...MACHINE, AllowedOAuthFlows: ['client_credentials', 'code'] },
      true,
      'InvalidOAuthFlowException',
      'client_credentials flow can not be selected along with code flow or implicit flow.',
    ],
    [
      'machines without a secret',
      MACHINE,
      false,
      'InvalidOAuthFlowException',
      'client_credentials flow can not be selected if client does not have a client secret.',
    ],
    [
      'scopes of users for machines',
      { ...MACHINE, AllowedOAuthScopes: ['api/read', 'openid'] },
      true,
      'InvalidOAuthFlowException',
      'openid is not supported with client_credentials flow',
    ],
    [
      'no way back',
      { ...CODE, CallbackURLs: undefined },
      false,
      'InvalidOAuthFlowException',
      'CallbackUrls can not be empty when code flow or implicit flow is selected',
    ],
    [
      'an unknown scope',
      { ...CODE, AllowedOAuthScopes: ['openid', 'api/write'] },
      false,
      'ScopeDoesNotExistException',
      'Invalid scope requested: api/write',
    ],
    [
      'a default that is not listed',
      { ...CODE, DefaultRedirectURI: 'https://example.com/other' },
      false,
      'InvalidParameterException',
      'The default redirect URI https://example.com/other is not in the callback URIs list.',
    ],
    [
      'a default without a list',
      { DefaultRedirectURI: 'https://example.com/' },
      false,
      'InvalidParameterException',
      'The default redirect URI https://example.com/ is not in the callback URIs list.',
    ],
    [
      'an unknown provider',
      { SupportedIdentityProviders: ['COGNITO', 'Facebook'] },
      false,
      'InvalidParameterException',
      'The provider Facebook does not exist for User Pool us-east-1_pool.',
    ],
  ]
  it.each(cases)('%s', (_, settings, hasSecret, refused, message) => {
    expect(refusal(settings, hasSecret)).toEqual({ refused, message })
  })

  const addresses: [string, string][] = [
    ['http://example.com', 'cannot use the HTTP protocol.'],
    ['http://localhost.example.com/', 'cannot use the HTTP protocol.'],
    ['http://localhost@example.com/', 'cannot use the HTTP protocol.'],
    ['HTTP://example.com', 'cannot use the HTTP protocol.'],
    ['https://example.com/#part', 'cannot use fragment'],
    ['https://example.com/#', 'cannot use fragment'],
    ['myapp://callback#x', 'cannot use fragment'],
    ['example.com/callback', 'is not a valid URL.'],
    ['/callback', 'is not a valid URL.'],
    ['https://', 'is not a valid URL.'],
    ['javascript:alert(1)', 'is not a valid URL.'],
    ['JavaScript:alert(1)', 'is not a valid URL.'],
    ['data:text/html,x', 'is not a valid URL.'],
  ]
  it.each(addresses)('the address %s', (url, text) => {
    const expected = { refused: 'InvalidParameterException', message: `${url} ${text}` }
    expect(refusal({ ...CODE, CallbackURLs: ['https://example.com/', url] })).toEqual(expected)
    expect(refusal({ LogoutURLs: [url] })).toEqual(expected)
  })
})
