import {
  DescribeIdentityCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  type GetOpenIdTokenForDeveloperIdentityCommandInput,
} from '@aws-sdk/client-cognito-identity'
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { identityClient, stsClient } from '../../../test/aws-clients.ts'
import { claimsOf, engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser } from '../../../test/iam.ts'
import { poolArnOf } from '../../../test/identity.ts'
import { DEVELOPER_PROVIDER, useIdentityWorld } from '../../../test/identity-world.ts'

const NO_PROVIDER = 'This identity pool does not support the specified developer provider'
const REGISTERED = 'This developer user identifier is already registered with Cognito.'

describe.each(engines)('GetOpenIdTokenForDeveloperIdentity on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  type Claims = Record<string, unknown> & { exp: number; iat: number }
  type Input = Partial<GetOpenIdTokenForDeveloperIdentityCommandInput>
  const get = async (identifier: string, more: Input = {}, client = world.admin) => {
    const { IdentityId, Token } = await client.send(
      new GetOpenIdTokenForDeveloperIdentityCommand({
        IdentityPoolId: world.poolId,
        Logins: { [DEVELOPER_PROVIDER]: identifier },
        ...more,
      }),
    )
    return { id: IdentityId as string, claims: claimsOf(Token as string) as unknown as Claims, token: Token }
  }
  const loginsAt = async (IdentityId: string) =>
    (await world.admin.send(new DescribeIdentityCommand({ IdentityId }))).Logins

  it('gives a user one identity, whose token lives for fifteen minutes or as long as asked, a day at most', async () => {
    const { id, claims } = await get('ada')
    expect([claims['sub'], claims['aud'], claims.exp - claims.iat, claims['amr']]).toEqual([
      id,
      world.poolId,
      900,
      ['authenticated', DEVELOPER_PROVIDER, `${DEVELOPER_PROVIDER}:${world.poolId}:ada`],
    ])
    for (const TokenDuration of [1, 86_400]) {
      const again = await get('ada', { TokenDuration })
      expect([again.id, again.claims.exp - again.claims.iat]).toEqual([id, TokenDuration])
    }
    await expectRefusal(get('ada', { TokenDuration: 86_401 }), 'ValidationException')
    // Identifiers are as they are: no case, no blanks, nothing to trim.
    for (const other of ['Ada', 'ada ', 'ädä', '__proto__', 'a'.repeat(2000)])
      expect((await get(other)).id).not.toBe(id)
  })

  it('returns the same identity for twenty concurrent first calls', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => get('crowd')))
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
  })

  it('links the user to an identity that it names: a guest, a user, one that lost its last login', async () => {
    const guest = await world.getId()
    expect((await get('guest', { IdentityId: guest })).id).toBe(guest)
    expect(await loginsAt(guest)).toEqual([DEVELOPER_PROVIDER])
    const Logins = await world.loginsOf('bea')
    const bea = await world.getId(Logins)
    expect((await get('bea', { IdentityId: bea })).id).toBe(bea)
    expect((await get('bea at home', { IdentityId: bea })).id).toBe(bea)
    expect((await get('bea')).id).toBe(bea)
    expect(await world.getId(Logins)).toBe(bea)
  })

  it('links logins that come with it', async () => {
    const Logins = await world.loginsOf('cy')
    const { id, claims } = await get('cy', { Logins: { [DEVELOPER_PROVIDER]: 'cy', ...Logins } })
    expect(await world.getId(Logins)).toBe(id)
    expect(claims['amr']).toHaveLength(5)
    expect(claims['amr']).toContain(world.provider)
    const bad = { [DEVELOPER_PROVIDER]: 'cy', [world.provider]: 'x' }
    const text = 'Invalid login token. Not a valid OpenId Connect identity token.'
    await expectRefusal(get('cy', { Logins: bad }), 'NotAuthorizedException', text)
    const dee = { [DEVELOPER_PROVIDER]: 'cy', ...(await world.loginsOf('dee')) }
    await expectRefusal(
      get('cy', { Logins: dee }),
      'ResourceConflictException',
      'Logins are already linked to another account.',
    )
  })

  it('refuses a user who belongs to another identity', async () => {
    const { id } = await get('ada')
    const other = await world.getId()
    await expectRefusal(get('ada', { IdentityId: other }), 'DeveloperUserAlreadyRegisteredException', REGISTERED)
    expect((await get('ada', { IdentityId: id })).id).toBe(id)
  })

  it('refuses a twenty-first user at one identity', async () => {
    const id = (await get('one')).id
    for (let i = 0; i < 19; i++) await get(`one-${i}`, { IdentityId: id })
    await expectRefusal(
      get('too many', { IdentityId: id }),
      'ResourceConflictException',
      'An identity can not have more than 20 logins.',
    )
  })

  it('puts tags into the token, and refuses invalid ones', async () => {
    const { claims } = await get('ada', { PrincipalTags: { team: 'blue', grade: 'á 1' } })
    expect(claims['https://aws.amazon.com/tags']).toEqual({ principal_tags: { team: ['blue'], grade: ['á 1'] } })
    const invalid = 'The principal tags are not valid session tags.'
    await expectRefusal(get('ada', { PrincipalTags: { team: '*' } }), 'InvalidParameterException', invalid)
    await expectRefusal(get('ada', { PrincipalTags: { '<team>': 'x' } }), 'InvalidParameterException', invalid)
    await expectRefusal(
      get('ada', { PrincipalTags: { Team: 'x', team: 'y' } }),
      'InvalidParameterException',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    )
  })

  it('works where the classic flow is off and roles are mapped', async () => {
    const pool = await world.makePool({ AllowClassicFlow: false })
    const mapping = { Type: 'Token', AmbiguousRoleResolution: 'Deny' } as const
    await world.setRoles(pool, { [`${world.provider}:${world.clientId}`]: mapping })
    expect((await get('ada', { IdentityPoolId: pool })).id).toBeDefined()
  })

  it('issues a token that STS accepts for a role', async () => {
    const { token } = await get('ada')
    const { Credentials } = await stsClient(server, 'nobody').send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: world.roles.authenticated,
        RoleSessionName: 'backend',
        WebIdentityToken: token,
      }),
    )
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA/)
  })

  it('refuses providers that are not the developer’s, and identifiers that cannot be stored', async () => {
    const refuses = (Logins: Record<string, string>, text = NO_PROVIDER, name = 'InvalidParameterException') =>
      expectRefusal(get('', { Logins }), name, text)
    await refuses({ 'login.other.app': 'ada' })
    await refuses({})
    await refuses(await world.loginsOf('ada'))
    await refuses(
      { [DEVELOPER_PROVIDER]: 'a\0b' },
      'A developer user identifier must not contain the character U+0000.',
    )
    await refuses(
      { [DEVELOPER_PROVIDER]: 'ada', 'accounts.google.com': 'x' },
      'Token is not from a supported provider of this identity pool.',
      'NotAuthorizedException',
    )
    const pool = await world.makePool({ DeveloperProviderName: undefined })
    await expectRefusal(get('ada', { IdentityPoolId: pool }), 'InvalidParameterException', NO_PROVIDER)
  })

  it('refuses unknown pools and identities, and identities of other pools', async () => {
    const unknown = 'us-east-1:00000000-0000-4000-8000-000000000000'
    const notFound = (what: string, more: Input) => expectRefusal(get('x', more), 'ResourceNotFoundException', what)
    await notFound(`IdentityPool '${unknown}' not found.`, { IdentityPoolId: unknown })
    await notFound(`Identity '${unknown}' not found.`, { IdentityId: unknown })
    const other = await world.getId(undefined, await world.makePool())
    await notFound(`Identity '${other}' not found.`, { IdentityId: other })
  })

  it('refuses callers without permission', async () => {
    const action = 'cognito-identity:GetOpenIdTokenForDeveloperIdentity'
    const bea = identityClient(server, await makeIamUser(world.iam, 'bea'))
    await expectRefusal(
      get('ada', {}, bea),
      'AccessDeniedException',
      `User: arn:aws:iam::${server.accountId}:user/bea is not authorized to perform: ${action} on resource: ${poolArnOf(server, world.poolId)} because no identity-based policy allows the ${action} action`,
    )
    const cy = await makeIamUser(world.iam, 'cy', { Action: action, Resource: poolArnOf(server, world.poolId) })
    expect((await get('ada', {}, identityClient(server, cy))).id).toBeDefined()
    await expectRefusal(get('ada', {}, identityClient(server, 'nobody')), 'MissingAuthenticationTokenException')
  })
})
