// The idle time-out of refresh tokens (docs/decisions/beyond-cognito.md).
import {
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  signIn,
  type Tokens,
  useTestServer,
} from '../../../test/harness.ts'
import { appIn, authorizeUrl, makeUser as makeUserOfPages, redeem, signInByPage } from '../../../test/oauth.ts'
import { Browser, leaving } from '../../../test/page-walker.ts'
import { refresh, sessionsOf, setTracking } from '../../../test/user-sessions.ts'

const MINUTE_MS = 60_000
const IDLE = { 'cognomen:refresh-idle-minutes': '30' }
const EXPIRED = ['NotAuthorizedException', 'Refresh Token has expired'] as const

describe.each(engines)('a refresh token in a pool with an idle time-out on %s', (engine) => {
  const server = useTestServer({ engine })
  let pool: { Id: string; Arn?: string }
  let clientId: string
  beforeAll(async () => {
    server.clock.freeze()
    pool = await makePool(server, { UserPoolTags: IDLE })
    clientId = (await makeClient(server, pool.Id)).ClientId
    await makeUser(server, pool.Id, 'ann')
  })
  const wait = (minutes: number) => server.clock.advance(minutes * MINUTE_MS)
  // A sign-in's time is in whole seconds.
  const signInNow = (client = clientId): Promise<Tokens> => signIn(server, client, 'ann')

  it('is good as long as it is used, and refused when it was not', async () => {
    const tokens = await signInNow()
    for (let use = 0; use < 4; use++) {
      wait(29)
      await refresh(server, clientId, tokens)
    }
    const other = await signInNow()
    wait(31)
    for (const idle of [tokens, other]) await expectRefusal(refresh(server, clientId, idle), ...EXPIRED)
    // A refusal is no use: it stays refused.
    await expectRefusal(refresh(server, clientId, tokens), ...EXPIRED)
    // What it gave before lives for its own time.
    expect((await server.app.send(new GetUserCommand({ AccessToken: other.AccessToken }))).Username).toBe('ann')
  })

  it('is good for exactly that long', async () => {
    const tokens = await signInNow()
    await refresh(server, clientId, tokens)
    server.clock.advance(30 * MINUTE_MS - 1)
    await refresh(server, clientId, tokens)
    server.clock.advance(30 * MINUTE_MS)
    await expectRefusal(refresh(server, clientId, tokens), ...EXPIRED)
  })

  it('is held to it where it rotates, too', async () => {
    const { ClientId } = await makeClient(server, pool.Id, {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    })
    const rotate = async (RefreshToken: string) =>
      (await server.app.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }))).AuthenticationResult
        ?.RefreshToken as string
    let { RefreshToken } = await signInNow(ClientId)
    for (let use = 0; use < 3; use++) {
      wait(29)
      RefreshToken = await rotate(RefreshToken)
    }
    wait(31)
    await expectRefusal(rotate(RefreshToken), ...EXPIRED)
  })

  it('begins when the application gets it, however long ago the browser signed in', async () => {
    const app = await appIn(server, pool.Id)
    const browser = new Browser()
    await signInByPage(app, await makeUserOfPages(app), {}, browser)
    wait(40)
    const { json } = await redeem(app, await leaving(browser.get(authorizeUrl(app))))
    const RefreshToken = json['refresh_token'] as string
    wait(29)
    await refresh(server, app.clientId, { RefreshToken })
    wait(31)
    await expectRefusal(refresh(server, app.clientId, { RefreshToken }), ...EXPIRED)
  })

  it('that is over is the end of its session in the list, once its access token has expired, too', async () => {
    const short = await makeClient(server, pool.Id, {
      AccessTokenValidity: 10,
      TokenValidityUnits: { AccessToken: 'minutes' },
    })
    const long = await makeClient(server, pool.Id, {
      AccessTokenValidity: 60,
      TokenValidityUnits: { AccessToken: 'minutes' },
    })
    await setTracking(server, pool.Id)
    await makeUser(server, pool.Id, 'lister')
    const clients: string[] = []
    for (const { ClientId } of [short, long]) await signIn(server, ClientId, 'lister')
    wait(31)
    const own = await signIn(server, clientId, 'lister')
    for (const { ClientId = '' } of await sessionsOf(server, own)) clients.push(ClientId)
    expect(clients.sort()).toEqual([clientId, long.ClientId].sort())
    await setTracking(server, pool.Id, 'DISABLED')
  })

  it('is bound no more when the tag goes, or when UpdateUserPool leaves it out like other members', async () => {
    const tokens = await signInNow()
    wait(45)
    await expectRefusal(refresh(server, clientId, tokens), ...EXPIRED)
    await server.admin.send(new UntagResourceCommand({ ResourceArn: pool.Arn, TagKeys: Object.keys(IDLE) }))
    await refresh(server, clientId, tokens)
    await server.admin.send(new TagResourceCommand({ ResourceArn: pool.Arn, Tags: IDLE }))
    await expectRefusal(refresh(server, clientId, tokens), ...EXPIRED)
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId: pool.Id }))
    await refresh(server, clientId, tokens)
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId: pool.Id, UserPoolTags: IDLE }))
  })
})
