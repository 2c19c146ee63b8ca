import { createPublicKey, verify } from 'node:crypto'
import {
  AddUserPoolClientSecretCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolClientSecretCommand,
  type ExplicitAuthFlowsType,
  GetClientTokenCommand,
  type GetClientTokenCommandInput,
  GetUserCommand,
  ListUserPoolClientSecretsCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  claimsOf,
  expectRefusal,
  makeClient,
  makePool,
  PASSWORD,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import { makeResourceServer } from '../../../test/resource-servers.ts'
import { arn, useTriggers } from '../../../test/triggers.ts'

/** In the documents, and not among the SDK's values. */
const CLIENT_TOKENS = 'ALLOW_CLIENT_TOKEN_AUTH' as ExplicitAuthFlowsType

describe('GetClientToken', () => {
  const world = useTriggers()
  const server = useTestServer({ env: world.env, triggers: world.triggers })
  const at = usePool(server, { users: ['ann'] })
  const application = async (ExplicitAuthFlows = [CLIENT_TOKENS], more = {}) => {
    const made = await makeClient(server, at.poolId, { GenerateSecret: true, ExplicitAuthFlows, ...more })
    return { ClientId: made.ClientId, Secret: made.ClientSecret as string }
  }
  // The SDK signs this call, though Cognito, as this server, looks at no signature of it.
  const get = async (input: GetClientTokenCommandInput) =>
    (await server.admin.send(new GetClientTokenCommand(input))).ClientAuthenticationResult

  it('gives a token of the application, signed by the pool, that is nobody and lives for its time', async () => {
    server.clock.freeze()
    const own = await application([CLIENT_TOKENS], {
      AccessTokenValidity: 10,
      TokenValidityUnits: { AccessToken: 'minutes' },
    })
    const now = Math.floor(server.clock.now() / 1000)
    const { AccessToken = '', ...rest } = (await get(own)) ?? {}
    server.clock.thaw()
    expect(rest).toEqual({ ExpiresIn: 600, TokenType: 'Bearer' })
    const claims = claimsOf(AccessToken)
    expect(claims).toEqual({
      sub: own.ClientId,
      client_id: own.ClientId,
      iss: `${server.publicUrl}/${at.poolId}`,
      token_use: 'access',
      scope: '',
      version: 2,
      auth_time: now,
      iat: now,
      exp: now + 600,
      jti: claims['jti'],
    })
    const [head, body, signature] = AccessToken.split('.')
    const { kid } = JSON.parse(Buffer.from(head as string, 'base64url').toString())
    const { keys } = (await (await fetch(`${server.publicUrl}/${at.poolId}/.well-known/jwks.json`)).json()) as {
      keys: (JsonWebKey & { kid: string })[]
    }
    const jwk = keys.find((key) => key.kid === kid) as JsonWebKey
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' } as never)
    const signed = verify(
      'sha256',
      Buffer.from(`${head}.${body}`),
      publicKey,
      Buffer.from(signature as string, 'base64url'),
    )
    expect(signed).toBe(true)
    // It is a token of no user.
    await expectRefusal(
      server.app.send(new GetUserCommand({ AccessToken })),
      'NotAuthorizedException',
      'Invalid Access Token',
    )
  })

  it('needs no signature', async () => {
    const own = await application()
    const { status, json } = await server.raw('GetClientToken', own)
    expect(status).toBe(200)
    expect(Object.keys(json)).toEqual(['ClientAuthenticationResult'])
  })

  it('NotAuthorizedException for every secret but those of the client that are active', async () => {
    const [own, other] = [await application(), await application()]
    const text = `Unable to verify secret for client ${own.ClientId}`
    for (const Secret of [other.Secret, `${own.Secret}a`, own.Secret.slice(1), own.Secret.toUpperCase()])
      await expectRefusal(get({ ...own, Secret }), 'NotAuthorizedException', text)
    const named = { UserPoolId: at.poolId, ClientId: own.ClientId }
    const { ClientSecretDescriptor: added } = await server.admin.send(new AddUserPoolClientSecretCommand(named))
    const Secret = added?.ClientSecretValue as string
    expect(await get({ ...own, Secret })).toBeDefined()
    const { ClientSecrets } = await server.admin.send(new ListUserPoolClientSecretsCommand(named))
    const first = ClientSecrets?.find(({ ClientSecretId }) => ClientSecretId !== added?.ClientSecretId)
    await server.admin.send(new DeleteUserPoolClientSecretCommand({ ...named, ClientSecretId: first?.ClientSecretId }))
    await expectRefusal(get(own), 'NotAuthorizedException', text)
    expect(await get({ ...own, Secret })).toBeDefined()
  })

  it('NotAuthorizedException for a client without a secret, whatever is sent', async () => {
    const text = `Unable to verify secret for client ${at.clientId}`
    const Secret = 'aSecretThatNobodyHas012345'
    await expectRefusal(get({ ClientId: at.clientId, Secret }), 'NotAuthorizedException', text)
  })

  it('InvalidParameterException for a client of users', async () => {
    const own = await application(['ALLOW_USER_PASSWORD_AUTH'])
    const text = 'CLIENT_TOKEN_AUTH flow not enabled for this client'
    await expectRefusal(get(own), 'InvalidParameterException', text)
  })

  it('lets no user sign in at a client of an application, and takes no other flow beside it', async () => {
    const own = await application()
    const { json } = await server.raw('InitiateAuth', {
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: own.ClientId,
      AuthParameters: { USERNAME: 'ann', PASSWORD },
    })
    expect(json.__type).toBe('NotAuthorizedException')
    const update = (ExplicitAuthFlows: ExplicitAuthFlowsType[]) =>
      server.admin.send(
        new UpdateUserPoolClientCommand({ UserPoolId: at.poolId, ClientId: own.ClientId, ExplicitAuthFlows }),
      )
    await expectRefusal(
      update([CLIENT_TOKENS, 'ALLOW_USER_PASSWORD_AUTH']),
      'InvalidParameterException',
      'ALLOW_CLIENT_TOKEN_AUTH can not be used with any other auth flow.',
    )
    await expectRefusal(
      makeClient(server, at.poolId, { ExplicitAuthFlows: [CLIENT_TOKENS] }),
      'InvalidParameterException',
      'ALLOW_CLIENT_TOKEN_AUTH can not be used if client does not have a client secret.',
    )
  })

  describe('in a pool with PreTokenGeneration', () => {
    const placeWith = async (LambdaVersion: 'V1_0' | 'V2_0' | 'V3_0', what: string, scopes: string[] = []) => {
      const LambdaArn = arn('handler', what)
      const { Id } = await makePool(server, {
        LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion, LambdaArn } },
      })
      await makeResourceServer(server, Id, 'photos', 'read')
      const made = await makeClient(server, Id, {
        GenerateSecret: true,
        ExplicitAuthFlows: [CLIENT_TOKENS],
        AllowedOAuthScopes: scopes,
      })
      world.forget()
      return { ClientId: made.ClientId, Secret: made.ClientSecret as string, ClientMetadata: { from: 'test' } }
    }

    it('asks version 3, which adds claims and scopes', async () => {
      const own = await placeWith('V3_0', 'answer')
      const claims = claimsOf((await get(own))?.AccessToken as string)
      // Neither what is fixed, nor scopes of the service, nor groups.
      expect(claims).toMatchObject({ tenant: { id: 7 }, scope: 'api/read', client_id: own.ClientId, sub: own.ClientId })
      expect(Object.keys(claims).filter((name) => name.startsWith('cognito:'))).toEqual([])
      expect(world.seen()).toMatchObject([
        {
          version: '3',
          triggerSource: 'TokenGeneration_ClientCredentials',
          userName: 'ClientCredentials',
          callerContext: { clientId: own.ClientId },
          request: { userAttributes: {}, groupConfiguration: null, scopes: [], clientMetadata: { from: 'test' } },
        },
      ])
    })

    it('tells the function of the scopes, to which it adds', async () => {
      const own = await placeWith('V3_0', 'answer', ['photos/read'])
      expect(claimsOf((await get(own))?.AccessToken as string)['scope']).toBe('photos/read api/read')
      expect(world.seen()).toMatchObject([{ request: { scopes: ['photos/read'] } }])
    })

    it('asks no other version', async () => {
      for (const version of ['V1_0', 'V2_0'] as const)
        expect(claimsOf((await get(await placeWith(version, 'answer')))?.AccessToken as string)).not.toHaveProperty(
          'tenant',
        )
      expect(world.seen()).toEqual([])
    })

    it('gives no token where the function refuses, does not answer, or answers with something else', async () => {
      for (const [what, error, message] of [
        ['refuse', 'UserLambdaValidationException', 'PreTokenGeneration failed with error Domain not allowed.'],
        ['nowhere', 'UnexpectedLambdaException', /^PreTokenGeneration invocation failed/],
        ['withoutResponse', 'InvalidLambdaResponseException', 'Unrecognizable lambda output'],
      ] as const)
        await expectRefusal(get(await placeWith('V3_0', what)), error, message)
    })
  })

  it('ResourceNotFoundException for a client that is gone', async () => {
    const own = await application()
    await server.admin.send(new DeleteUserPoolClientCommand({ UserPoolId: at.poolId, ClientId: own.ClientId }))
    const text = `User pool client ${own.ClientId} does not exist.`
    await expectRefusal(get(own), 'ResourceNotFoundException', text)
  })
})
