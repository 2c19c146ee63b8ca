import { describe, expect, it } from 'vitest'
import type { UserPoolClient } from '../../cognito-idp/user-pool-clients/client-store.ts'
import { readParameters } from '../../http/forms.ts'
import { OAuthError } from '../oauth-error.ts'
import { readAuthorizationRequest } from './read-request.ts'
import type { Target } from './target.ts'

const target = (settings: Partial<UserPoolClient['settings']> = {}): Target =>
  ({
    redirectUri: 'https://app.example.com/cb',
    pool: { settings: { AcrConfiguration: { Level4: { AcrValue: 'gold' } } } },
    client: {
      settings: {
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ['code'],
        AllowedOAuthScopes: ['openid', 'email', 'api/read'],
        ...settings,
      },
    },
  }) as never

const read = (query: string, settings?: Partial<UserPoolClient['settings']>) => {
  const parameters = readParameters(query)
  if (!parameters) throw new Error('not a query')
  return readAuthorizationRequest(target(settings), parameters)
}

const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

describe('an authorization request is refused', () => {
  it.each([
    ['', 'invalid_request'],
    ['response_type=id_token', 'invalid_request'],
    ['response_type=code%20token', 'invalid_request'],
    ['response_type=token', 'unauthorized_client'],
    ['response_type=code&state=a&state=b', 'invalid_request'],
    ['response_type=code&response_mode=jwt', 'invalid_request'],
    ['response_type=code&request=x', 'request_not_supported'],
    ['response_type=code&request_uri=https://x', 'request_uri_not_supported'],
    [`response_type=code&code_challenge=${CHALLENGE}`, 'invalid_request'],
    ['response_type=code&code_challenge_method=S256', 'invalid_request'],
    [`response_type=code&code_challenge=${CHALLENGE}&code_challenge_method=plain`, 'invalid_request'],
    ['response_type=code&code_challenge=short&code_challenge_method=S256', 'invalid_request'],
    ['response_type=code&scope=openid%20phone', 'invalid_scope'],
    ['response_type=code&scope=api/write', 'invalid_scope'],
    ['response_type=code&scope=email', 'invalid_scope'],
    ['response_type=code&resource=not-a-url', 'invalid_target'],
    ['response_type=code&resource=http://api.example.com', 'invalid_target'],
    ['response_type=code&resource=https://api.example.com/%23x', 'invalid_target'],
    ['response_type=code&prompt=none%20login', 'invalid_request'],
    ['response_type=code&prompt=maybe', 'invalid_request'],
    ['response_type=code&max_age=-1', 'invalid_request'],
    ['response_type=code&max_age=soon', 'invalid_request'],
    [`response_type=code&state=${'x'.repeat(2049)}`, 'invalid_request'],
    [`response_type=code&nonce=${'x'.repeat(2049)}`, 'invalid_request'],
    [`response_type=code&acr_values=${'x'.repeat(2049)}`, 'invalid_request'],
  ])('%s', (query, code) => {
    const refusal = (() => {
      try {
        return read(query)
      } catch (error) {
        return error
      }
    })()
    expect(refusal).toBeInstanceOf(OAuthError)
    expect((refusal as OAuthError).code).toBe(code)
  })

  it('of a client that may not use the OAuth endpoints', () => {
    expect(() => read('response_type=code', { AllowedOAuthFlowsUserPoolClient: false })).toThrow('unauthorized_client')
  })
})

it('reads how the answer is to come', () => {
  const both: Partial<UserPoolClient['settings']> = { AllowedOAuthFlows: ['code', 'implicit'] }
  const modes = [
    ['response_type=code', 'query'],
    ['response_type=token', 'fragment'],
    ['response_type=code&response_mode=fragment', 'fragment'],
    ['response_type=token&response_mode=form_post', 'form_post'],
  ] as const
  for (const [query, responseMode] of modes) expect(read(query, both)).toMatchObject({ responseMode })
  expect(() => read('response_type=token&response_mode=query', both)).toThrow('invalid_request')
  const parameters = readParameters('response_type=code&response_mode=form_post') as never
  const app = { ...target(), redirectUri: 'myapp://callback' }
  expect(() => readAuthorizationRequest(app, parameters)).toThrow('invalid_request')
})

it('reads what is asked for', () => {
  const query = `response_type=code&scope=openid+email&state=%7B%22a%22%3A1%7D&nonce=n&prompt=login%20consent&max_age=0&acr_values=gold%20urn:x+urn:cognito:loa:4%20%20urn:cognito:loa:2&login_hint=ann&resource=http://localhost:8080/api&identity_provider=Google&code_challenge=${CHALLENGE}&code_challenge_method=S256`
  expect(read(query)).toMatchObject({
    responseType: 'code',
    scopes: ['openid', 'email'],
    state: '{"a":1}',
    nonce: 'n',
    prompt: ['login', 'consent'],
    maxAge: 0,
    levels: [4, 2],
    loginHint: 'ann',
    resource: 'http://localhost:8080/api',
    provider: { name: 'Google' },
    codeChallenge: CHALLENGE,
  })
})

it('asks for every scope of the client where it names none, and passes over parameters that it does not know', () => {
  expect(read('response_type=code&scope=&claims=x&ui_locales=de')).toMatchObject({
    scopes: ['openid', 'email', 'api/read'],
    state: undefined,
    prompt: [],
    maxAge: undefined,
    levels: [],
  })
})
