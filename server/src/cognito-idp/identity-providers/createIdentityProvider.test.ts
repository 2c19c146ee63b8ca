import { generateKeyPairSync } from 'node:crypto'
import {
  CreateIdentityProviderCommand,
  type CreateIdentityProviderCommandInput,
  CreateUserPoolClientCommand,
  DescribeIdentityProviderCommand,
  GetIdentityProviderByIdentifierCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { metadata } from '../../../test/saml-provider.ts'
import { GOOGLE, publishDiscovery, useUpstream } from '../../../test/upstream-providers.ts'

type Input = Omit<CreateIdentityProviderCommandInput, 'UserPoolId'>

const appleKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' })
const SAML: Input = { ProviderName: 'Corp', ProviderType: 'SAML', ProviderDetails: { MetadataFile: metadata() } }

describe.each(engines)('CreateIdentityProvider on %s', (engine) => {
  const server = useTestServer({ engine })

  const create = (UserPoolId: string, input: Input) =>
    server.admin.send(new CreateIdentityProviderCommand({ UserPoolId, ...input }))
  const saml = (ProviderName: string, IdpIdentifiers: string[] = []): Input => ({
    ...SAML,
    ProviderName,
    IdpIdentifiers,
  })

  it('makes a provider, which DescribeIdentityProvider shows as it was answered', async () => {
    const UserPoolId = (await makePool(server)).Id
    const { IdentityProvider } = await create(UserPoolId, { ...GOOGLE, AttributeMapping: { email: 'email' } })
    expect(IdentityProvider).toEqual({
      UserPoolId,
      ProviderName: 'Google',
      ProviderType: 'Google',
      ProviderDetails: {
        ...GOOGLE.ProviderDetails,
        authorize_url: 'https://accounts.google.com/o/oauth2/v2/auth',
        token_url: 'https://www.googleapis.com/oauth2/v4/token',
        token_request_method: 'POST',
        attributes_url: 'https://people.googleapis.com/v1/people/me?personFields=',
        attributes_url_add_attributes: 'true',
        oidc_issuer: 'https://accounts.google.com',
      },
      AttributeMapping: { email: 'email', username: 'sub' },
      IdpIdentifiers: [],
      LastModifiedDate: expect.any(Date),
      CreationDate: expect.any(Date),
    })
    const asked = { UserPoolId, ProviderName: 'Google' }
    const shown = await server.admin.send(new DescribeIdentityProviderCommand(asked))
    expect(shown.IdentityProvider).toEqual(IdentityProvider)
  })

  it('DuplicateProviderException for a name that the pool has, for all but one of many at once', async () => {
    const [one, other] = [await makePool(server), await makePool(server)]
    await create(one.Id, GOOGLE)
    const message = (name: string) => `${name} already exists in user pool ${one.Id}`
    await expectRefusal(create(one.Id, GOOGLE), 'DuplicateProviderException', message('Google'))
    await create(other.Id, GOOGLE)
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => create(one.Id, saml('Corp', ['corp']))))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ name: 'DuplicateProviderException', message: message('Corp') })
  })

  it('gives an identifier to one provider of a pool, also of many at once', async () => {
    const [one, other] = [await makePool(server), await makePool(server)]
    const message = (identifier: string) =>
      `The identifier ${identifier} belongs to another identity provider of user pool ${one.Id}.`
    await create(one.Id, saml('One', ['one.example.com', 'one']))
    await create(other.Id, saml('One', ['one.example.com']))
    await expectRefusal(
      create(one.Id, saml('Two', ['two', 'one.example.com'])),
      'InvalidParameterException',
      message('one.example.com'),
    )
    // Nothing of it was written.
    await create(one.Id, saml('Two', ['two']))
    const names = ['Aaa', 'Bbb', 'Ccc', 'Ddd']
    const outcomes = await Promise.allSettled(names.map((name) => create(one.Id, saml(name, ['wanted', name]))))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const winner = names[outcomes.findIndex(({ status }) => status === 'fulfilled')]
    const asked = { UserPoolId: one.Id, IdpIdentifier: 'wanted' }
    const { IdentityProvider } = await server.admin.send(new GetIdentityProviderByIdentifierCommand(asked))
    expect(IdentityProvider?.ProviderName).toBe(winner)
  })
})

describe('CreateIdentityProvider', () => {
  const server = useTestServer()
  const at = usePool(server, {
    pool: { Schema: [{ Name: 'plan', AttributeDataType: 'String', Mutable: true }] },
  })
  const upstream = useUpstream()

  const create = async (input: Input, UserPoolId?: string) =>
    server.admin.send(
      new CreateIdentityProviderCommand({ UserPoolId: UserPoolId ?? (await makePool(server)).Id, ...input }),
    )
  const oidc = (details: Record<string, string> = {}): Input => ({
    ProviderName: 'Partner',
    ProviderType: 'OIDC',
    ProviderDetails: {
      client_id: 'id',
      client_secret: 'secret',
      authorize_scopes: 'openid email',
      attributes_request_method: 'GET',
      ...details,
    },
  })

  it.each<[string, Input, Record<string, string>, string]>([
    [
      'Facebook',
      {
        ProviderName: 'Facebook',
        ProviderType: 'Facebook',
        ProviderDetails: { client_id: 'id', client_secret: 's', authorize_scopes: 'email', api_version: 'v19.0' },
      },
      {
        api_version: 'v19.0',
        authorize_url: 'https://www.facebook.com/v19.0/dialog/oauth',
        token_url: 'https://graph.facebook.com/v19.0/oauth/access_token',
        token_request_method: 'GET',
        attributes_url: 'https://graph.facebook.com/v19.0/me?fields=',
        attributes_url_add_attributes: 'true',
        client_secret: 's',
      },
      'id',
    ],
    [
      'Amazon',
      {
        ProviderName: 'LoginWithAmazon',
        ProviderType: 'LoginWithAmazon',
        ProviderDetails: { client_id: 'id', client_secret: 's', authorize_scopes: 'profile' },
      },
      {
        authorize_url: 'https://www.amazon.com/ap/oa',
        token_url: 'https://api.amazon.com/auth/o2/token',
        attributes_url: 'https://api.amazon.com/user/profile',
        client_secret: 's',
      },
      'user_id',
    ],
    [
      'Apple',
      {
        ProviderName: 'SignInWithApple',
        ProviderType: 'SignInWithApple',
        ProviderDetails: {
          client_id: 'id',
          team_id: 'team',
          key_id: 'key',
          private_key: appleKey as string,
          authorize_scopes: 'email name',
        },
      },
      { team_id: 'team', key_id: 'key', oidc_issuer: 'https://appleid.apple.com' },
      'sub',
    ],
  ])('completes the details of %s, and maps its id of a user', async (_title, input, details, subject) => {
    const { IdentityProvider } = await create(input)
    expect(IdentityProvider?.ProviderDetails).toMatchObject(details)
    expect(IdentityProvider?.ProviderDetails).not.toHaveProperty('private_key')
    expect(IdentityProvider?.AttributeMapping).toEqual({ username: subject })
  })

  it('takes no address of a social provider from a request, and drops keys that no provider has', async () => {
    const ProviderDetails = {
      ...GOOGLE.ProviderDetails,
      token_url: 'https://evil.example',
      __proto__x: '1',
      other: '2',
    }
    const { IdentityProvider } = await create({ ...GOOGLE, ProviderDetails })
    expect(IdentityProvider?.ProviderDetails?.['token_url']).toBe('https://www.googleapis.com/oauth2/v4/token')
    expect(Object.keys(IdentityProvider?.ProviderDetails ?? {})).not.toEqual(expect.arrayContaining(['other']))
  })

  describe('of an OpenID Connect provider', () => {
    it('reads the discovery document', async () => {
      const oidc_issuer = publishDiscovery(upstream, '/good')
      const { IdentityProvider } = await create(oidc({ oidc_issuer }))
      expect(upstream.asked).toContain('/good/.well-known/openid-configuration')
      expect(IdentityProvider?.ProviderDetails).toEqual({
        ...oidc({ oidc_issuer }).ProviderDetails,
        attributes_url_add_attributes: 'false',
      })
    })

    it('takes an issuer with a slash at its end that the administrator leaves out', async () => {
      publishDiscovery(upstream, '/slash', { issuer: `${upstream.url}/slash/` })
      await create(oidc({ oidc_issuer: `${upstream.url}/slash` }))
    })

    it('does without one where all endpoints are given, and does not need a secret', async () => {
      const base = 'https://127.0.0.1:9/by-hand'
      const endpoints = {
        oidc_issuer: base,
        authorize_url: `${base}/authorize`,
        token_url: `${base}/token`,
        attributes_url: `${base}/userinfo`,
        jwks_uri: `${base}/jwks`,
      }
      const { client_secret: _, ...open } = oidc(endpoints).ProviderDetails as Record<string, string>
      const { IdentityProvider } = await create({ ...oidc(), ProviderDetails: open })
      expect(IdentityProvider?.ProviderDetails).toMatchObject(endpoints)
    })

    it.each<[string, (issuer: string) => Record<string, unknown> | undefined, RegExp]>([
      ['of another issuer', () => ({ issuer: 'https://other.example.com' }), /of another issuer/],
      ['without a token endpoint', () => ({ token_endpoint: undefined }), /no usable token_url/],
      ['with an endpoint that is no https URL', () => ({ jwks_uri: 'http://example.com/jwks' }), /no usable jwks_uri/],
      ['with an endpoint that is script', () => ({ authorization_endpoint: 'javascript:alert(1)' }), /authorize_url/],
      ['that is not there', () => undefined, /status 404/],
    ])('refuses a document %s', async (title, changes, reason) => {
      const path = `/${encodeURIComponent(title)}`
      const changed = changes(upstream.url)
      if (changed) publishDiscovery(upstream, path, changed)
      await expectRefusal(
        create(oidc({ oidc_issuer: `${upstream.url}${path}` })),
        'InvalidParameterException',
        new RegExp(`^Unable to contact well-known endpoint: .*${reason.source}`),
      )
    })

    it('asks no address of a private network', async () => {
      for (const issuer of ['https://10.0.0.1', 'https://169.254.169.254/latest', 'https://[fd00:ec2::254]'])
        await expectRefusal(
          create(oidc({ oidc_issuer: issuer })),
          'InvalidParameterException',
          /^Unable to contact well-known endpoint/,
        )
    })
  })

  describe('of a SAML provider', () => {
    const saml = (ProviderDetails: Record<string, string>): Input => ({ ...SAML, ProviderDetails })

    it('shows the metadata and where its users sign in', async () => {
      const { IdentityProvider } = await create(saml({ MetadataFile: metadata(), IDPSignout: 'true' }))
      expect(IdentityProvider).toMatchObject({
        ProviderDetails: {
          MetadataFile: metadata(),
          IDPSignout: 'true',
          SSORedirectBindingURI: 'https://idp.example.com/sso',
        },
        AttributeMapping: {},
      })
    })

    it('reads metadata from a URL', async () => {
      upstream.pages.set('/metadata', { body: metadata() })
      const MetadataURL = `${upstream.url}/metadata`
      const { IdentityProvider } = await create(saml({ MetadataURL }))
      expect(IdentityProvider?.ProviderDetails).toEqual({
        MetadataURL,
        SSORedirectBindingURI: 'https://idp.example.com/sso',
      })
    })

    it('makes a key for encrypted responses, of which the certificate is shown', async () => {
      const details = { MetadataFile: metadata(), EncryptedResponses: 'true', RequestSigningAlgorithm: 'rsa-sha256' }
      const { IdentityProvider } = await create(saml(details))
      expect(IdentityProvider?.ProviderDetails).toMatchObject({
        EncryptedResponses: 'true',
        RequestSigningAlgorithm: 'rsa-sha256',
        ActiveEncryptionCertificate: expect.stringMatching(/^MII/),
      })
      expect(IdentityProvider?.ProviderDetails).not.toHaveProperty('encryption_key')
    })

    it('says why a URL gives no metadata', async () => {
      const failing = (MetadataURL: string) => create(saml({ MetadataURL }))
      await expectRefusal(
        failing(`${upstream.url}/nothing`),
        'InvalidParameterException',
        `Non-ok status code 404 returned from remote metadata source ${upstream.url}/nothing`,
      )
      for (const url of ['https://10.0.0.1/metadata', 'http://example.com/metadata', 'file:///etc/passwd', 'x'])
        await expectRefusal(
          failing(url),
          'InvalidParameterException',
          new RegExp(`^Error retrieving metadata from ${url}`),
        )
      upstream.pages.set('/broken', { body: 'no metadata' })
      await expectRefusal(failing(`${upstream.url}/broken`), 'InvalidParameterException', /^Could not parse metadata: /)
    })

    it.each<[string, Record<string, string>, string | RegExp]>([
      ['none', {}, 'At least one of the MetadataURL or MetadataFile should be provided.'],
      [
        'both',
        { MetadataFile: metadata(), MetadataURL: 'https://idp.example.com' },
        'Only one of the MetadataURL or MetadataFile should be provided.',
      ],
      ['a document type', { MetadataFile: metadata().replace('?>', '?><!DOCTYPE x>') }, /^Could not parse metadata: /],
      [
        'no redirect',
        { MetadataFile: metadata().replace('HTTP-Redirect', 'HTTP-POST') },
        'No SingleSignOn Http redirect binding location found in metadata.',
      ],
      [
        'metadata of the past',
        { MetadataFile: metadata({ attributes: 'validUntil="2020-01-01T00:00:00Z"' }) },
        'The metadata have expired.',
      ],
      ['another flag', { MetadataFile: metadata(), IDPInit: 'yes' }, 'IDPInit must be true or false.'],
      [
        'another algorithm',
        { MetadataFile: metadata(), RequestSigningAlgorithm: 'rsa-sha1' },
        'RequestSigningAlgorithm must be rsa-sha256.',
      ],
    ])('refuses %s', async (_title, details, message) => {
      await expectRefusal(create(saml(details)), 'InvalidParameterException', message)
    })

    it('refuses certificates that have all expired', async () => {
      server.clock.advance(40 * 365 * 86_400_000)
      try {
        await expectRefusal(
          create(SAML),
          'InvalidParameterException',
          'The certificates for signing in the metadata have expired.',
        )
      } finally {
        server.clock.advance(-40 * 365 * 86_400_000)
      }
    })
  })

  const without = (input: Input, key: string): Input => {
    const { [key]: _, ...ProviderDetails } = input.ProviderDetails as Record<string, string>
    return { ...input, ProviderDetails }
  }
  const social = 'clientId, clientSecret and authorizeScopes are all required idp details.'
  const openId = 'clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details.'
  const plain = () => oidc({ oidc_issuer: 'https://idp.example.com' })
  it.each<[string, () => Input, string | RegExp]>([
    ['Google without a secret', () => without(GOOGLE, 'client_secret'), social],
    [
      'Google with an empty id',
      () => ({ ...GOOGLE, ProviderDetails: { ...GOOGLE.ProviderDetails, client_id: '' } }),
      social,
    ],
    ['OIDC without an issuer', () => without(plain(), 'oidc_issuer'), openId],
    ['OIDC without a method', () => without(plain(), 'attributes_request_method'), openId],
    [
      'OIDC with another method',
      () => oidc({ oidc_issuer: 'https://idp.example.com', attributes_request_method: 'PUT' }),
      /Member must satisfy enum value set: \[POST, GET\]$/,
    ],
    ['OIDC by http', () => oidc({ oidc_issuer: 'http://idp.example.com' }), 'OIDC endpoint must start with https://'],
    [
      'OIDC without the scope openid',
      () => oidc({ oidc_issuer: 'https://idp.example.com', authorize_scopes: 'email' }),
      'authorize_scopes must have openid in it.',
    ],
    [
      'Apple without a key',
      () => ({
        ProviderName: 'SignInWithApple',
        ProviderType: 'SignInWithApple',
        ProviderDetails: { client_id: 'id', team_id: 't', key_id: 'k', authorize_scopes: 'email' },
      }),
      'clientId, privateKey, teamId, and keyId are all required idp details.',
    ],
    [
      'Apple with what is no key',
      () => ({
        ProviderName: 'SignInWithApple',
        ProviderType: 'SignInWithApple',
        ProviderDetails: { client_id: 'id', team_id: 't', key_id: 'k', private_key: 'x', authorize_scopes: 'email' },
      }),
      'private_key must be the PKCS #8 key of Apple, on the curve P-256.',
    ],
    [
      'a social type of another name',
      () => ({ ...GOOGLE, ProviderName: 'MyGoogle' }),
      'Provider MyGoogle cannot be of type Google.',
    ],
    [
      'another type of a social name',
      () => ({ ...SAML, ProviderName: 'Google' }),
      'Provider Google cannot be of type SAML.',
    ],
    ["the pool's own name", () => ({ ...SAML, ProviderName: 'COGNITO' }), 'The provider name COGNITO is reserved.'],
    ['a name with an underscore', () => ({ ...SAML, ProviderName: 'a_b_c' }), /'providerName'.*regular expression/],
    ['a name of two characters', () => ({ ...SAML, ProviderName: 'ab' }), /'providerName'.*regular expression/],
    [
      'attributes that the pool has not',
      () => ({ ...GOOGLE, AttributeMapping: { 'custom:plan': 'plan', 'custom:no': 'x', sub: 'sub' } }),
      'AttributeMapping contains invalid mapping: [custom:no, sub]',
    ],
    [
      'an identifier that is given twice',
      () => ({ ...GOOGLE, IdpIdentifiers: ['a', 'a'] }),
      'The identifier a is given more than once.',
    ],
    [
      'levels of assurance of another type',
      () => ({ ...GOOGLE, AcrMapping: { Level1: 'x' } }),
      'AcrMapping can be set for providers of type OIDC only.',
    ],
    [
      'levels that there are not',
      () => ({ ...plain(), AcrMapping: { Level9: 'x' } }),
      /^AcrMapping has the key Level9/,
    ],
  ])('InvalidParameterException for %s', async (_title, input, message) => {
    await expectRefusal(create(input(), at.poolId), 'InvalidParameterException', message)
  })

  it('is named by clients of its pool alone, with SAML ones alone where it begins sign-ins', async () => {
    const [one, other] = [await makePool(server), await makePool(server)]
    const client = (UserPoolId: string, ...SupportedIdentityProviders: string[]) =>
      server.admin.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'app', SupportedIdentityProviders }))
    await create(GOOGLE, one.Id)
    await create(SAML, one.Id)
    await create({ ...saml('Begins'), ProviderDetails: { MetadataFile: metadata(), IDPInit: 'true' } }, one.Id)
    const { UserPoolClient } = await client(one.Id, 'COGNITO', 'Google', 'Corp')
    expect(UserPoolClient?.SupportedIdentityProviders).toEqual(['COGNITO', 'Google', 'Corp'])
    await client(one.Id, 'Begins', 'Corp')
    await expectRefusal(
      client(other.Id, 'Google'),
      'InvalidParameterException',
      `The provider Google does not exist for User Pool ${other.Id}.`,
    )
    for (const beside of ['COGNITO', 'Google'])
      await expectRefusal(
        client(one.Id, beside, 'Begins'),
        'InvalidParameterException',
        'The provider Begins allows IdP-initiated sign-in: an app client with it can have providers of type SAML only.',
      )
  })

  const saml = (ProviderName: string): Input => ({ ...SAML, ProviderName })

  it('LimitExceededException for more than 300 in a pool', async () => {
    const UserPoolId = (await makePool(server)).Id
    const names = Array.from({ length: 300 }, (_, number) => `Corp-${number}`)
    for (let from = 0; from < names.length; from += 20)
      await Promise.all(names.slice(from, from + 20).map((name) => create(saml(name), UserPoolId)))
    await expectRefusal(
      create(saml('more'), UserPoolId),
      'LimitExceededException',
      'A user pool can not have more than 300 identity providers.',
    )
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('CreateIdentityProvider', { UserPoolId: at.poolId, ...GOOGLE })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await create(GOOGLE, at.poolId)
  })
})
