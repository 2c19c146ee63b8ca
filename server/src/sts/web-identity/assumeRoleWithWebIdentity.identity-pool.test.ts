import {
  CreateIdentityPoolCommand,
  GetOpenIdTokenCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
} from '@aws-sdk/client-cognito-identity'
import { ListUserPoolsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { fromWebToken } from '@aws-sdk/credential-providers'
import { afterEach, describe, expect, it } from 'vitest'
import { claimsOf, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeRole, type Statement } from '../../../test/iam.ts'
import { DEVELOPER_PROVIDER, POOL_PRINCIPAL, poolTrust, useIdentityWorld } from '../../../test/identity-world.ts'
import { expiryOf, identityOf, poolsClient, queryCall, signerOf } from '../../../test/sessions.ts'
import { assumerWithToken, NO_KEY, NOT_ALLOWED } from '../../../test/web-identity.ts'

describe('AssumeRoleWithWebIdentity with the token of an identity pool', () => {
  const server = useTestServer()
  const world = useIdentityWorld(server)
  const assume = assumerWithToken(server)
  const pools = (answer: Awaited<ReturnType<typeof assume>>) => poolsClient(server, signerOf(answer.Credentials))
  const list = new ListUserPoolsCommand({ MaxResults: 1 })

  const guestToken = async () => {
    const IdentityId = await world.getId()
    const { Token } = await world.app.send(new GetOpenIdTokenCommand({ IdentityId }))
    return { IdentityId, Token: Token as string }
  }
  const developerToken = async (PrincipalTags?: Record<string, string>, name = 'ada') => {
    const answer = await world.admin.send(
      new GetOpenIdTokenForDeveloperIdentityCommand({
        IdentityPoolId: world.poolId,
        Logins: { [DEVELOPER_PROVIDER]: name },
        PrincipalTags,
      }),
    )
    return { IdentityId: answer.IdentityId as string, Token: answer.Token as string }
  }

  it('gives credentials to a guest', async () => {
    const { IdentityId, Token } = await guestToken()
    const { $metadata, Credentials, AssumedRoleUser, ...answer } = await assume(world.roles.unauthenticated, Token)
    expect(answer).toEqual({
      SubjectFromWebIdentityToken: IdentityId,
      Provider: POOL_PRINCIPAL,
      Audience: world.poolId,
    })
    const arn = `arn:aws:sts::${server.accountId}:assumed-role/Guest/walk`
    expect(AssumedRoleUser).toEqual({ Arn: arn, AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:walk$/) })
    expect(await identityOf(server, signerOf(Credentials))).toMatchObject({
      Arn: arn,
      UserId: AssumedRoleUser?.AssumedRoleId,
    })
    expect(expiryOf(Credentials) - server.clock.now()).toBeLessThanOrEqual(3_600_000)
  })

  it('is what fromWebToken of the SDK calls', async () => {
    const { Token } = await guestToken()
    const provider = fromWebToken({
      roleArn: world.roles.unauthenticated,
      webIdentityToken: Token,
      roleSessionName: 'by-sdk',
      durationSeconds: 900,
      clientConfig: { endpoint: server.url, region: server.region },
    })
    const { accessKeyId, secretAccessKey, sessionToken = '' } = await provider()
    expect((await identityOf(server, { accessKeyId, secretAccessKey, sessionToken })).Arn).toMatch(/\/Guest\/by-sdk$/)
  })

  it('works as GET and as form of any client, signed or not', async () => {
    const { Token } = await guestToken()
    const form = {
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: world.roles.unauthenticated,
      RoleSessionName: 'walk',
      WebIdentityToken: Token,
    }
    const post = await queryCall(server, form)
    expect(post).toMatchObject({ status: 200, contentType: 'text/xml' })
    expect(post.text).toMatch(
      /^<AssumeRoleWithWebIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/">/,
    )
    expect(post.text).toMatch(/<Expiration>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/Expiration>/)
    const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=AKIAQQQQQQQQQQQQQQQQ/x', 'x-amz-date': 'x' }
    expect(await queryCall(server, form, { headers })).toMatchObject({ status: 200 })
    const get = await fetch(`${server.url}/?${new URLSearchParams(form)}`)
    expect(get.status).toBe(200)
    const nameless = await queryCall(server, { ...form, 'PolicyArns.member.1.x': 'y' })
    expect(nameless).toMatchObject({
      status: 400,
      code: 'ValidationError',
      message:
        "1 validation error detected: Value null at 'policyArns.1.member.arn' failed to satisfy constraint: Member must not be null",
    })
  })

  it('refuses another aud or amr, and an unknown role', async () => {
    const { Token } = await guestToken()
    await expectRefusal(assume(world.roles.authenticated, Token), ...NOT_ALLOWED)
    const other = await world.admin.send(
      new CreateIdentityPoolCommand({ IdentityPoolName: 'other', AllowUnauthenticatedIdentities: true }),
    )
    const role = await makeRole(world.iam, 'OtherGuest', poolTrust(other.IdentityPoolId as string, 'unauthenticated'))
    await expectRefusal(assume(role, Token), ...NOT_ALLOWED)
    await expectRefusal(assume(role.replace('OtherGuest', 'Missing'), Token), ...NOT_ALLOWED)
    await expectRefusal(assume(`arn:aws:iam::999999999999:role/Guest`, Token), ...NOT_ALLOWED)
    // A role that trusts everybody trusts no token of a provider that it does not name.
    const everybody = await makeRole(world.iam, 'Everybody', {
      Principal: { AWS: '*' },
      Action: 'sts:AssumeRoleWithWebIdentity',
    })
    await expectRefusal(assume(everybody, Token), ...NOT_ALLOWED)
  })

  it('its claims are condition keys of the whole session', async () => {
    const { IdentityId, Token } = await developerToken()
    const own = (value: string): Statement => ({
      Action: 'cognito-idp:ListUserPools',
      Condition: {
        StringEquals: {
          'cognito-identity.amazonaws.com:sub': value,
          'cognito-identity.amazonaws.com:aud': world.poolId,
          'aws:FederatedProvider': POOL_PRINCIPAL,
        },
        'ForAnyValue:StringEquals': { 'cognito-identity.amazonaws.com:amr': DEVELOPER_PROVIDER },
      },
    })
    const trust = poolTrust(world.poolId, 'authenticated')
    const mine = await makeRole(world.iam, 'Mine', trust, own(IdentityId))
    await pools(await assume(mine, Token)).send(list)
    const foreign = await makeRole(world.iam, 'Foreign', trust, own('another'))
    await expectRefusal(pools(await assume(foreign, Token)).send(list), 'AccessDeniedException')
  })

  it('tags of the token are tags of the session, where the role allows sts:TagSession', async () => {
    const { Token } = await developerToken({ Team: 'blue', __proto__: 'x' })
    const untagged = await makeRole(world.iam, 'Untagged', poolTrust(world.poolId, 'authenticated'))
    await expectRefusal(assume(untagged, Token), 'AccessDenied', 'Not authorized to perform sts:TagSession')
    const blue: Statement = {
      Action: 'cognito-idp:ListUserPools',
      Condition: { StringEquals: { 'aws:PrincipalTag/Team': 'blue' } },
    }
    const tagged = await makeRole(world.iam, 'Tagged', poolTrust(world.poolId, 'authenticated', 'sts:TagSession'), blue)
    const answer = await assume(tagged, Token)
    expect(answer.PackedPolicySize).toBeGreaterThan(0)
    await pools(answer).send(list)
    const red = await developerToken({ Team: 'red' })
    await expectRefusal(pools(await assume(tagged, red.Token)).send(list), 'AccessDeniedException')
  })

  it('an expired token', async () => {
    const { Token } = await guestToken()
    const exp = claimsOf(Token)['exp'] as number
    server.clock.freeze()
    server.clock.advance(exp * 1000 - server.clock.now() - 1)
    await assume(world.roles.unauthenticated, Token)
    server.clock.advance(1)
    const text = `Token expired: current date/time ${exp} must be before the expiration date/time ${exp}`
    await expectRefusal(assume(world.roles.unauthenticated, Token), 'ExpiredTokenException', text)
    const raw = await queryCall(server, {
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: world.roles.unauthenticated,
      RoleSessionName: 'walk',
      WebIdentityToken: Token,
    })
    expect(raw).toMatchObject({ status: 400, code: 'ExpiredTokenException' })
  })
  afterEach(() => server.clock.thaw())

  it('a changed token', async () => {
    const { Token } = await guestToken()
    const [header, , signature] = Token.split('.')
    const claims = { ...claimsOf(Token), amr: ['authenticated'] }
    const forged = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
    await expectRefusal(assume(world.roles.authenticated, forged), 'InvalidIdentityTokenException', NO_KEY)
  })
})
