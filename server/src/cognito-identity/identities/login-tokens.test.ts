// What tokens of user pools must be to count as logins, through GetId
// (docs/reference/identity-pools-sts-iam-sync.md 4.2).
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  claimsOf,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  signIn,
  useTestServer,
} from '../../../test/harness.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'

describe('a login at a user pool', () => {
  const server = useTestServer()
  const world = useIdentityWorld(server)
  const refused = (token: string, message: string | RegExp, provider = world.provider) =>
    expectRefusal(world.getId({ [provider]: token }), 'NotAuthorizedException', message)
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

  it('is refused as an access token', async () => {
    const { AccessToken } = await world.tokensOf('ada')
    await refused(AccessToken, 'Invalid login token. Missing a required claim: aud')
  })

  it('is refused when it is not a token', async () => {
    for (const text of ['x', 'a.b.c', '{}', 'a'.repeat(50_000)])
      await refused(text, 'Invalid login token. Not a valid OpenId Connect identity token.')
  })

  it('has to be of this server', async () => {
    const { IdToken } = await world.tokensOf('ada')
    const [header] = IdToken.split('.')
    const foreign = { ...claimsOf(IdToken), iss: 'https://elsewhere.example' }
    await refused(`${header}.${encode(foreign)}.AAAA`, 'Invalid login token. Not a Cognito token.')
  })

  it('has to be of the user pool that the key names', async () => {
    const { Id } = await makePool(server)
    const { ClientId } = await makeClient(server, Id)
    await makeUser(server, Id, 'ada')
    const { IdToken } = await signIn(server, ClientId, 'ada')
    await refused(IdToken, "Invalid login token. Issuer doesn't match providerName")
    const unknown = 'cognito-idp.us-east-1.amazonaws.com/us-east-1_AAAAAAAAA'
    await refused(IdToken, 'Token is not from a supported provider of this identity pool.', unknown)
  })

  it('has to be signed by the user pool', async () => {
    const { IdToken } = await world.tokensOf('ada')
    const [header = '', claims = '', signature = ''] = IdToken.split('.')
    const other = encode({ ...claimsOf(IdToken), sub: 'somebody else' })
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const own = sign('sha256', Buffer.from(`${header}.${claims}`), privateKey).toString('base64url')
    for (const token of [`${header}.${other}.${signature}`, `${header}.${claims}.${own}`])
      await refused(token, "Invalid login token. Couldn't verify signed token.")
    for (const none of [encode({ alg: 'none' }), encode({ alg: 'HS256', kid: 'x' })])
      await refused(`${none}.${claims}.AAAA`, 'Invalid login token. Not a valid OpenId Connect identity token.')
  })

  it('has to be issued to an app client of the identity pool', async () => {
    const { ClientId } = await makeClient(server, world.userPoolId)
    await world.tokensOf('ada')
    const { IdToken } = await signIn(server, ClientId, 'ada')
    await refused(IdToken, 'Token is not from a supported provider of this identity pool.')
  })

  it('must not have expired', async () => {
    const { IdToken } = await world.tokensOf('ada')
    server.clock.advance(3_601_000)
    await refused(IdToken, /^Invalid login token\. Token expired: \d{10} >= \d{10}$/)
    const [, now, expiry] = /(\d+) >= (\d+)/.exec(
      await world.getId({ [world.provider]: IdToken }).catch((error: Error) => error.message),
    ) as RegExpExecArray
    expect([Number(expiry), Number(now) >= Number(expiry)]).toEqual([claimsOf(IdToken)['exp'], true])
  })
})
