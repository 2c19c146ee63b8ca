// What is held at one client is worth nothing at another, of the same pool or of another one
// (docs/reference/threats.md 20, 21): tokens, sessions, passwords, and the client itself.
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NEW_PASSWORD } from '../bad-input/known-values.ts'
import { UserPoolFixture } from '../bad-input/world.ts'
import { PASSWORD, startTestServer, type TestServer } from '../harness.ts'
import { type Answer, call } from './raw-request.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server?.stop())

describe('what four clients of two pools hold', () => {
  interface Place {
    pool: string
    client: string
    secret: string | undefined
    username: string
    fixture: UserPoolFixture
  }
  const places: Place[] = []
  beforeAll(async () => {
    for (const fixture of [new UserPoolFixture(server), new UserPoolFixture(server)]) {
      for (const what of ['client', 'secretClient']) {
        const [pool, client] = [await fixture.get('pool'), await fixture.get(what)]
        const { json } = await call(
          server,
          'DescribeUserPoolClient',
          { UserPoolId: pool, ClientId: client },
          { sign: true },
        )
        const { ClientSecret: secret } = json['UserPoolClient'] as { ClientSecret?: string }
        places.push({ pool, client, secret, username: await fixture.get('user'), fixture })
      }
    }
  })

  const hash = ({ client, secret }: Place, username: string): { SECRET_HASH?: string } =>
    secret === undefined
      ? {}
      : {
          SECRET_HASH: createHmac('sha256', secret)
            .update(username + client)
            .digest('base64'),
        }

  const begin = (place: Place, username: string, password: string): Promise<Answer> =>
    call(server, 'InitiateAuth', {
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: place.client,
      AuthParameters: { USERNAME: username, PASSWORD: password, ...hash(place, username) },
    })

  const outcome = ({ status, json }: Answer): string => (status === 200 ? 'ok' : `${json.__type}: ${json.message}`)

  test('refresh tokens work at their own client only, through every door', async () => {
    const doors: [string, (at: Place, token: string, username: string) => Promise<Answer>][] = [
      [
        'InitiateAuth',
        (at, REFRESH_TOKEN, username) =>
          call(server, 'InitiateAuth', {
            AuthFlow: 'REFRESH_TOKEN_AUTH',
            ClientId: at.client,
            AuthParameters: { REFRESH_TOKEN, ...hash(at, username) },
          }),
      ],
      [
        'AdminInitiateAuth',
        (at, REFRESH_TOKEN, username) =>
          call(
            server,
            'AdminInitiateAuth',
            {
              AuthFlow: 'REFRESH_TOKEN_AUTH',
              UserPoolId: at.pool,
              ClientId: at.client,
              AuthParameters: { REFRESH_TOKEN, ...hash(at, username) },
            },
            { sign: true },
          ),
      ],
      [
        'GetTokensFromRefreshToken',
        (at, RefreshToken) =>
          call(server, 'GetTokensFromRefreshToken', { ClientId: at.client, ClientSecret: at.secret, RefreshToken }),
      ],
    ]
    for (const from of places) {
      const { json } = await begin(from, from.username, PASSWORD)
      const { RefreshToken, AccessToken, IdToken } = json['AuthenticationResult'] as Record<string, string>
      for (const at of places) {
        for (const [door, refresh] of doors) {
          const expected = at === from ? 'ok' : 'NotAuthorizedException: Invalid Refresh Token'
          const name = `${door} at ${places.indexOf(at)} with a token of ${places.indexOf(from)}`
          expect(`${name}: ${outcome(await refresh(at, RefreshToken as string, from.username))}`).toBe(
            `${name}: ${expected}`,
          )
          for (const other of [AccessToken, IdToken])
            expect(outcome(await refresh(at, other as string, from.username))).toBe(
              'NotAuthorizedException: Invalid Refresh Token',
            )
        }
      }
      // Nor may another client revoke it.
      for (const at of places.filter((place) => place !== from)) {
        const revoked = await call(server, 'RevokeToken', {
          ClientId: at.client,
          ClientSecret: at.secret,
          Token: RefreshToken,
        })
        expect(outcome(revoked)).toBe('UnauthorizedException: The token was issued to another client.')
      }
      expect(outcome(await call(server, 'GetUser', { AccessToken }))).toBe('ok')
    }
  })

  test('sessions work at their own client only, and trying elsewhere does not use them up', async () => {
    for (const from of places) {
      const username = `challenged${places.indexOf(from)}`
      const named = {
        UserPoolId: from.pool,
        Username: username,
        MessageAction: 'SUPPRESS',
        TemporaryPassword: NEW_PASSWORD,
      }
      await call(server, 'AdminCreateUser', named, { sign: true })
      const { Session } = (await begin(from, username, NEW_PASSWORD)).json as { Session: string }
      const answer = (at: Place): Promise<Answer> =>
        call(server, 'RespondToAuthChallenge', {
          ClientId: at.client,
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          Session,
          ChallengeResponses: { USERNAME: username, NEW_PASSWORD: PASSWORD, ...hash(at, username) },
        })
      const throughAdmin = (at: Place): Promise<Answer> =>
        call(
          server,
          'AdminRespondToAuthChallenge',
          {
            UserPoolId: at.pool,
            ClientId: at.client,
            ChallengeName: 'NEW_PASSWORD_REQUIRED',
            Session,
            ChallengeResponses: { USERNAME: username, NEW_PASSWORD: PASSWORD, ...hash(at, username) },
          },
          { sign: true },
        )
      for (const at of places.filter((place) => place !== from))
        for (const door of [answer, throughAdmin])
          expect(outcome(await door(at))).toBe('NotAuthorizedException: Invalid session for the user.')
      expect(outcome(await answer(from))).toBe('ok')
      await call(server, 'AdminDeleteUser', { UserPoolId: from.pool, Username: username }, { sign: true })
    }
  })

  test('a password of one pool opens nothing in another, though the name is the same', async () => {
    const [first, , third] = places as [Place, Place, Place]
    for (const [{ pool }, Password] of [
      [first, PASSWORD],
      [third, NEW_PASSWORD],
    ] as const) {
      await call(
        server,
        'AdminCreateUser',
        { UserPoolId: pool, Username: 'twin', MessageAction: 'SUPPRESS' },
        { sign: true },
      )
      await call(
        server,
        'AdminSetUserPassword',
        { UserPoolId: pool, Username: 'twin', Password, Permanent: true },
        { sign: true },
      )
    }
    expect(outcome(await begin(first, 'twin', PASSWORD))).toBe('ok')
    expect(outcome(await begin(third, 'twin', NEW_PASSWORD))).toBe('ok')
    for (const [at, password] of [
      [first, NEW_PASSWORD],
      [third, PASSWORD],
    ] as const)
      expect(outcome(await begin(at, 'twin', password))).toBe('NotAuthorizedException: Incorrect username or password.')
    await call(server, 'AdminDeleteUser', { UserPoolId: third.pool, Username: 'twin' }, { sign: true })
  })

  test('a client of another pool is none, for administrators too', async () => {
    const [first, , third] = places as [Place, Place, Place]
    const input = {
      UserPoolId: first.pool,
      ClientId: third.client,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: first.username, PASSWORD },
    }
    expect(outcome(await call(server, 'AdminInitiateAuth', input, { sign: true }))).toBe(
      `ResourceNotFoundException: User pool client ${third.client} does not exist.`,
    )
  })
})
