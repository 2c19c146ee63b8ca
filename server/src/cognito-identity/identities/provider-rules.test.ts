import { describe, expect, it } from 'vitest'
import type { IdentityPoolSettings } from '../identity-pools/pool-settings.ts'
import { keptProviderName, providerOf } from './provider-rules.ts'

const URL = 'https://id.example/auth'
const OIDC = 'arn:aws:iam::000000000000:oidc-provider/login.example/x'
const SAML = 'arn:aws:iam::000000000000:saml-provider/Corp'
const AWS_NAME = 'cognito-idp.us-east-1.amazonaws.com/us-east-1_abc'
const OWN_NAME = 'id.example/auth/us-east-1_abc'

const settings: IdentityPoolSettings = {
  IdentityPoolName: 'pool',
  AllowUnauthenticatedIdentities: true,
  SupportedLoginProviders: { 'accounts.google.com': 'google-id' },
  DeveloperProviderName: 'login.example.app',
  OpenIdConnectProviderARNs: [OIDC, `${OIDC}/y`],
  SamlProviderARNs: [SAML],
  CognitoIdentityProviders: [
    { ProviderName: AWS_NAME, ClientId: 'one', ServerSideTokenCheck: true },
    { ProviderName: OWN_NAME, ClientId: 'two' },
    { ProviderName: 'cognito-idp.us-east-1.amazonaws.com/us-east-1_other', ClientId: 'three' },
  ],
}

describe('the provider that a key of Logins names', () => {
  it('is a user pool, by AWS’s name and by ours, with the clients of both', () => {
    for (const name of [AWS_NAME, OWN_NAME])
      expect(providerOf(settings, name, URL)).toEqual({
        kind: 'user-pool',
        name: AWS_NAME,
        userPoolId: 'us-east-1_abc',
        clients: new Map([
          ['one', { checked: true }],
          ['two', { checked: false }],
        ]),
      })
    expect(keptProviderName(OWN_NAME, URL)).toBe(AWS_NAME)
    expect(keptProviderName('accounts.google.com', URL)).toBe('accounts.google.com')
  })

  it('checks a client on the server side if one of its two entries says so', () => {
    const checked = { ProviderName: AWS_NAME, ClientId: 'one', ServerSideTokenCheck: true }
    const unchecked = { ProviderName: OWN_NAME, ClientId: 'one' }
    for (const CognitoIdentityProviders of [
      [checked, unchecked],
      [unchecked, checked],
    ])
      expect(providerOf({ ...settings, CognitoIdentityProviders }, AWS_NAME, URL)).toMatchObject({
        clients: new Map([['one', { checked: true }]]),
      })
  })

  it.each([
    ['accounts.google.com', { kind: 'public', name: 'accounts.google.com', appId: 'google-id' }],
    [SAML, { kind: 'saml', name: SAML }],
    ['login.example/x', { kind: 'oidc', name: 'login.example/x', arn: OIDC }],
    ['login.example/x/y', { kind: 'oidc', name: 'login.example/x/y', arn: `${OIDC}/y` }],
    ['login.example.app', { kind: 'developer' }],
    ['cognito-identity.amazonaws.com', { kind: 'pool-token' }],
  ])('%s', (name, provider) => expect(providerOf(settings, name, URL)).toEqual(provider))

  it('is one of the pool’s', () => {
    for (const name of [
      'graph.facebook.com',
      'x',
      'login.example',
      'example/x',
      `${AWS_NAME}d`,
      'cognito-idp.eu-west-1.amazonaws.com/us-east-1_abc',
      'id.example/us-east-1_abc',
      OIDC,
      'constructor',
      '__proto__',
      'toString',
      '',
    ])
      expect([name, providerOf(settings, name, URL)]).toEqual([name, undefined])
  })

  it('may be one of our user pools that IAM knows as an OpenID Connect provider', () => {
    const arn = `arn:aws:iam::000000000000:oidc-provider/${OWN_NAME}`
    const only = { IdentityPoolName: 'p', AllowUnauthenticatedIdentities: true, OpenIdConnectProviderARNs: [arn] }
    expect(providerOf(only, OWN_NAME, URL)).toEqual({ kind: 'oidc', name: OWN_NAME, arn })
  })
})
