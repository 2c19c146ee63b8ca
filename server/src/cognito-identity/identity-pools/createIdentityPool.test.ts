import { CreateIdentityPoolCommand, DescribeIdentityPoolCommand } from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIdentityPool, rawIdentityCall, useIdentityClient } from '../../../test/identity.ts'

describe.each(engines)('CreateIdentityPool on %s', (engine) => {
  const server = useTestServer({ engine })
  const client = useIdentityClient(server)
  const create = (settings: object) => makeIdentityPool(client, settings)

  it('creates a pool of the region and shows the given settings only', async () => {
    const pool = await create({})
    expect(pool).toEqual({
      IdentityPoolId: expect.stringMatching(
        /^us-east-1:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      IdentityPoolName: 'test',
      AllowUnauthenticatedIdentities: true,
    })
  })

  it('keeps every member', async () => {
    const settings = {
      IdentityPoolName: 'my pool, 1+1=2 @home',
      AllowUnauthenticatedIdentities: false,
      AllowClassicFlow: false,
      SupportedLoginProviders: {
        'accounts.google.com': '1.apps.googleusercontent.com',
        'api.twitter.com': 'key;secret',
      },
      DeveloperProviderName: 'login.example.app',
      OpenIdConnectProviderARNs: [`arn:aws:iam::${server.accountId}:oidc-provider/login.example.com/x`],
      SamlProviderARNs: [`arn:aws:iam::${server.accountId}:saml-provider/Corp`],
      CognitoIdentityProviders: [
        {
          ProviderName: 'cognito-idp.us-east-1.amazonaws.com/us-east-1_abc123',
          ClientId: 'client1',
          ServerSideTokenCheck: true,
        },
        { ProviderName: `${server.publicUrl.replace('http://', '')}/us-east-1_abc123`, ClientId: 'client2' },
      ],
      IdentityPoolTags: { stage: 'test', __proto__: undefined },
    }
    const { IdentityPoolTags, ...others } = settings
    const made = await create({ ...others, IdentityPoolTags: { stage: 'test' } })
    expect(made).toMatchObject({ ...others, IdentityPoolTags: { stage: 'test' } })
    const { $metadata, ...described } = await client.send(
      new DescribeIdentityPoolCommand({ IdentityPoolId: made.IdentityPoolId }),
    )
    expect(described).toEqual(made)
  })

  it('accepts a name that another pool has', async () => {
    const [one, other] = await Promise.all([create({}), create({})])
    expect(one?.IdentityPoolId).not.toBe(other?.IdentityPoolId)
  })

  it('leaves out empty members', async () => {
    const pool = await create({ SupportedLoginProviders: {}, CognitoIdentityProviders: [], IdentityPoolTags: {} })
    expect(Object.keys(pool).sort()).toEqual(['AllowUnauthenticatedIdentities', 'IdentityPoolId', 'IdentityPoolName'])
  })

  it.each([
    [
      'a provider that is none',
      { SupportedLoginProviders: { 'example.com': 'x' } },
      'example.com is not a supported login provider.',
    ],
    [
      'a developer provider by the name of a public one',
      { DeveloperProviderName: 'accounts.google.com' },
      'accounts.google.com cannot be the name of a developer provider.',
    ],
    [
      'half a user pool provider',
      { CognitoIdentityProviders: [{ ProviderName: 'cognito-idp.us-east-1.amazonaws.com/us-east-1_a' }] },
      'A Cognito identity provider needs a ProviderName and a ClientId.',
    ],
    [
      'a user pool that is none',
      { CognitoIdentityProviders: [{ ProviderName: 'example.com/us-east-1_a', ClientId: 'c' }] },
      'Invalid Cognito Identity Provider',
    ],
    [
      'a user pool provider twice',
      {
        CognitoIdentityProviders: [1, 2].map(() => ({
          ProviderName: 'cognito-idp.us-east-1.amazonaws.com/us-east-1_a',
          ClientId: 'c',
        })),
      },
      'The Cognito identity provider cognito-idp.us-east-1.amazonaws.com/us-east-1_a:c is given twice.',
    ],
    [
      'an OIDC provider that is a role',
      { OpenIdConnectProviderARNs: ['arn:aws:iam::123456789012:role/x'] },
      'arn:aws:iam::123456789012:role/x is not the ARN of an OpenID Connect provider.',
    ],
    [
      'a SAML provider that is an OIDC provider',
      { SamlProviderARNs: ['arn:aws:iam::123456789012:oidc-provider/x'] },
      'arn:aws:iam::123456789012:oidc-provider/x is not the ARN of a SAML provider.',
    ],
    [
      'a tag of AWS',
      { IdentityPoolTags: { 'aws:x': 'y' } },
      "Tag key 'aws:x' is not allowed: keys that begin with aws: are reserved for system use.",
    ],
  ])('refuses %s', (_, settings, text) => expectRefusal(create(settings), 'InvalidParameterException', text))

  it('refuses more than 50 user pool providers', () =>
    expectRefusal(
      create({
        CognitoIdentityProviders: Array.from({ length: 51 }, (_, n) => ({
          ProviderName: 'cognito-idp.us-east-1.amazonaws.com/us-east-1_a',
          ClientId: `c${n}`,
        })),
      }),
      'LimitExceededException',
      'An identity pool can not have more than 50 user pool providers.',
    ))

  it("refuses an invalid name with the service's message", async () => {
    await expectRefusal(
      create({ IdentityPoolName: 'x/y' }),
      'ValidationException',
      "1 validation error detected: Value 'x/y' at 'identityPoolName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w\\s+=,.@-]+",
    )
    await expectRefusal(
      client.send(new CreateIdentityPoolCommand({} as never)),
      'ValidationException',
      /^2 validation errors detected: Value null at 'identityPoolName' failed/,
    )
  })

  it('refuses callers that do not sign', async () => {
    const answer = await rawIdentityCall(server, 'CreateIdentityPool', {
      IdentityPoolName: 'x',
      AllowUnauthenticatedIdentities: true,
    })
    expect([answer.status, answer.json.__type]).toEqual([400, 'MissingAuthenticationTokenException'])
  })
})
