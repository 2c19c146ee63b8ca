import { randomUUID } from 'node:crypto'
import {
  AdminDisableUserCommand,
  type AuthFlowType,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  claimsOf,
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import { signUpUser } from '../../../test/sign-up.ts'
import { srpStart } from '../../../test/srp-client.ts'
import { computeSecretHash } from '../../crypto/secret-hash.ts'

describe.each(engines)('InitiateAuth on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)
  let hidingClientId: string
  let sub: string

  beforeAll(async () => {
    hidingClientId = (await makeClient(server, at.poolId, { PreventUserExistenceErrors: 'ENABLED' })).ClientId
    sub = await makeUser(server, at.poolId, 'ann', { email: 'ann@example.com', email_verified: 'true', name: 'Ann' })
  })

  const begin = (AuthFlow: AuthFlowType, AuthParameters: Record<string, string>, ClientId = at.clientId) =>
    server.app.send(new InitiateAuthCommand({ AuthFlow, ClientId, AuthParameters }))
  const withPassword = (USERNAME: string, PASSWORD: string, ClientId = at.clientId) =>
    begin('USER_PASSWORD_AUTH', { USERNAME, PASSWORD }, ClientId)

  describe('USER_PASSWORD_AUTH', () => {
    it('gives tokens whose claims are those of the reference', async () => {
      server.clock.freeze()
      const iat = Math.floor(server.clock.now() / 1000)
      const answer = await withPassword('ann', PASSWORD)
      server.clock.thaw()
      expect(answer.ChallengeParameters).toEqual({})
      const { AccessToken, IdToken, RefreshToken, ExpiresIn, TokenType } = answer.AuthenticationResult ?? {}
      expect({ ExpiresIn, TokenType }).toEqual({ ExpiresIn: 3600, TokenType: 'Bearer' })
      const access = claimsOf(AccessToken as string)
      const id = claimsOf(IdToken as string)
      const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      const times = { auth_time: iat, iat, exp: iat + 3600 }
      const iss = `${server.publicUrl}/${at.poolId}`
      expect(access).toEqual({
        sub,
        iss,
        client_id: at.clientId,
        origin_jti: uuid,
        event_id: uuid,
        token_use: 'access',
        scope: 'aws.cognito.signin.user.admin',
        jti: uuid,
        username: 'ann',
        ...times,
      })
      expect(id).toEqual({
        sub,
        iss,
        aud: at.clientId,
        origin_jti: access.origin_jti,
        event_id: access.event_id,
        token_use: 'id',
        jti: uuid,
        'cognito:username': 'ann',
        email: 'ann@example.com',
        email_verified: true,
        name: 'Ann',
        ...times,
      })
      expect(id.jti).not.toBe(access.jti)
      expect(RefreshToken?.split('.')).toHaveLength(5)
      expect(RefreshToken).toMatch(/^eyJjdHkiOiJKV1QiLCJlbmMi/)
    })

    it('signs the two tokens with different published keys and a header of kid and alg', async () => {
      const { AccessToken = '', IdToken = '' } = (await withPassword('ann', PASSWORD)).AuthenticationResult ?? {}
      const headers = [AccessToken, IdToken].map((token) =>
        JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString()),
      )
      const { keys } = (await (await fetch(`${server.publicUrl}/${at.poolId}/.well-known/jwks.json`)).json()) as {
        keys: { kid: string }[]
      }
      expect(keys).toHaveLength(2)
      for (const header of headers)
        expect(header).toEqual({ kid: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/), alg: 'RS256' })
      expect(new Set(headers.map((header) => header.kid))).toEqual(new Set(keys.map((key) => key.kid)))
    })

    it('refuses a wrong password', () =>
      expectRefusal(withPassword('ann', 'Wr0ng!pass'), 'NotAuthorizedException', 'Incorrect username or password.'))

    it('refuses an unknown user with UserNotFoundException unless the client hides who exists', async () => {
      await expectRefusal(withPassword('nobody', PASSWORD), 'UserNotFoundException', 'User does not exist.')
      await expectRefusal(
        withPassword('nobody', PASSWORD, hidingClientId),
        'NotAuthorizedException',
        'Incorrect username or password.',
      )
    })

    it('locks an unknown user like a known one when the client hides who exists', async () => {
      await makeUser(server, at.poolId, 'locked')
      const outcomes = async (name: string): Promise<string[]> => {
        const seen: string[] = []
        for (let i = 0; i < 8; i++)
          seen.push(
            await withPassword(name, 'Wr0ng!pass', hidingClientId).then(
              () => 'in',
              (error: Error) => error.message,
            ),
          )
        return seen
      }
      const known = await outcomes('locked')
      expect(known).toContain('Password attempts exceeded')
      expect(await outcomes('never-was')).toEqual(known)
    })

    it.each([
      ['USERNAME', { PASSWORD }],
      ['PASSWORD', { USERNAME: 'ann' }],
    ])('asks for %s', async (name, parameters) => {
      await expectRefusal(
        begin('USER_PASSWORD_AUTH', parameters as Record<string, string>),
        'InvalidParameterException',
        `Missing required parameter ${name}`,
      )
    })

    it('refuses a disabled user with the right password, and says nothing to a wrong one', async () => {
      await makeUser(server, at.poolId, 'disabled')
      await server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username: 'disabled' }))
      await expectRefusal(withPassword('disabled', PASSWORD), 'NotAuthorizedException', 'User is disabled.')
      await expectRefusal(
        withPassword('disabled', 'Wr0ng!pass'),
        'NotAuthorizedException',
        'Incorrect username or password.',
      )
    })

    it('tells an unconfirmed user so, whatever the password and the client', async () => {
      await signUpUser(server, at.clientId, 'fresh')
      for (const clientId of [at.clientId, hidingClientId])
        for (const password of [PASSWORD, 'Wr0ng!pass']) {
          const refused = withPassword('fresh', password, clientId)
          await expectRefusal(refused, 'UserNotConfirmedException', 'User is not confirmed.')
        }
    })

    it('knows nobody by the sub where that is not the username', async () => {
      await expectRefusal(withPassword(sub, PASSWORD), 'UserNotFoundException', 'User does not exist.')
      const hidden = withPassword(sub, PASSWORD, hidingClientId)
      await expectRefusal(hidden, 'NotAuthorizedException', 'Incorrect username or password.')
      const byAddress = await makePool(server, { UsernameAttributes: ['email'] })
      const own = await makeUser(server, byAddress.Id, 'ann@example.com')
      const { ClientId } = await makeClient(server, byAddress.Id)
      expect((await withPassword(own, PASSWORD, ClientId)).AuthenticationResult).toBeDefined()
    })

    it('evaluates at most five of two hundred guesses at once, and then not even the right password until the lock ends', async () => {
      const name = `guessed-${randomUUID()}`
      server.clock.freeze()
      await makeUser(server, at.poolId, name)
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          withPassword(name, `Wr0ng!pass${i}`).then(
            () => 'in',
            (error: Error) => `${error.name}: ${error.message}`,
          ),
        ),
      )
      const evaluated = outcomes.filter(
        (outcome) => outcome === 'NotAuthorizedException: Incorrect username or password.',
      )
      const others = new Set<string>(outcomes.filter((outcome) => outcome !== evaluated[0]))
      expect(evaluated.length).toBeLessThanOrEqual(5)
      expect(evaluated.length).toBeGreaterThan(0)
      others.delete('NotAuthorizedException: Password attempts exceeded')
      expect([...others]).toEqual([])
      await expectRefusal(withPassword(name, PASSWORD), 'NotAuthorizedException', 'Password attempts exceeded')
      server.clock.thaw()
      server.clock.advance(1001)
      expect((await withPassword(name, PASSWORD)).AuthenticationResult).toBeDefined()
    })
  })

  it('signs one user in many times concurrently', async () => {
    await makeUser(server, at.poolId, 'shared')
    const answers = await Promise.all(Array.from({ length: 20 }, () => withPassword('shared', PASSWORD)))
    for (const answer of answers) expect(answer.AuthenticationResult).toBeDefined()
  })

  describe('the client', () => {
    it('must exist', () =>
      expectRefusal(
        withPassword('ann', PASSWORD, 'nosuchclient'),
        'ResourceNotFoundException',
        'User pool client nosuchclient does not exist.',
      ))

    it('must allow the flow', async () => {
      const { ClientId } = await makeClient(server, at.poolId, {
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      })
      await expectRefusal(
        withPassword('ann', PASSWORD, ClientId),
        'InvalidParameterException',
        'USER_PASSWORD_AUTH flow not enabled for this client',
      )
      const { ClientId: passwordOnly } = await makeClient(server, at.poolId, {
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      })
      await expectRefusal(
        begin('USER_SRP_AUTH', { USERNAME: 'ann', SRP_A: srpStart().A }, passwordOnly),
        'InvalidParameterException',
        'USER_SRP_AUTH flow not enabled for this client',
      )
    })

    it.each(['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'] as const)('cannot begin %s here', (flow) =>
      expectRefusal(
        begin(flow, { USERNAME: 'ann', PASSWORD }),
        'InvalidParameterException',
        'Initiate Auth method not supported.',
      ),
    )

    it('cannot begin an unknown flow', () =>
      expectRefusal(
        begin('NO_SUCH_AUTH' as never, { USERNAME: 'ann' }),
        'InvalidParameterException',
        /^1 validation error detected: Value 'NO_SUCH_AUTH' at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set: \[/,
      ))
  })

  describe('SECRET_HASH', () => {
    it('is demanded of a client with secret, over the name that was sent', async () => {
      const { ClientId, ClientSecret = '' } = await makeClient(server, at.poolId, { GenerateSecret: true })
      const attempt = (hash: Record<string, string>) =>
        begin('USER_PASSWORD_AUTH', { USERNAME: 'ann', PASSWORD, ...hash }, ClientId)
      await expectRefusal(
        attempt({}),
        'NotAuthorizedException',
        `Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
      )
      await expectRefusal(
        attempt({ SECRET_HASH: computeSecretHash(ClientSecret, 'bob', ClientId) }),
        'NotAuthorizedException',
        `Unable to verify secret hash for client ${ClientId}`,
      )
      await expectRefusal(
        attempt({ SECRET_HASH: 'x' }),
        'NotAuthorizedException',
        `Unable to verify secret hash for client ${ClientId}`,
      )
      expect(
        (await attempt({ SECRET_HASH: computeSecretHash(ClientSecret, 'ann', ClientId) })).AuthenticationResult,
      ).toBeDefined()
    })

    it('is refused from a client without secret', () =>
      expectRefusal(
        begin('USER_PASSWORD_AUTH', {
          USERNAME: 'ann',
          PASSWORD,
          SECRET_HASH: computeSecretHash('x', 'ann', at.clientId),
        }),
        'NotAuthorizedException',
        `Unable to verify secret hash for client ${at.clientId}`,
      ))
  })
})
