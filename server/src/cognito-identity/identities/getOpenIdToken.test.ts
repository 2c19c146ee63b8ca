import {
  DeleteIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetOpenIdTokenCommand,
  SetPrincipalTagAttributeMapCommand,
  UpdateIdentityPoolCommand,
} from '@aws-sdk/client-cognito-identity'
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { stsClient } from '../../../test/aws-clients.ts'
import { claimsOf, engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { policy } from '../../../test/iam.ts'
import { poolTrust, useIdentityWorld } from '../../../test/identity-world.ts'
import { identityOf, signerOf } from '../../../test/sessions.ts'

const MISMATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."
const forbidden = (id: string) => `Access to Identity '${id}' is forbidden.`

describe.each(engines)('GetOpenIdToken on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  let names = 0
  const fresh = (what: string) => `${what}-${++names}`
  const get = (IdentityId: string, Logins?: Record<string, string>) =>
    world.app.send(new GetOpenIdTokenCommand({ IdentityId, Logins }))
  const refused = (name: string, message: string, ...call: Parameters<typeof get>) =>
    expectRefusal(get(...call), name, message)
  const assume = (RoleArn: string, WebIdentityToken: string | undefined) =>
    stsClient(server, 'nobody').send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'classic', WebIdentityToken }),
    )

  it('gives a guest a token for ten minutes', async () => {
    const id = await world.getId()
    const { IdentityId, Token = '' } = await get(id)
    const { iat, exp, ...claims } = claimsOf(Token) as { iat: number; exp: number }
    expect([IdentityId, exp - iat, claims]).toEqual([
      id,
      600,
      {
        sub: id,
        aud: world.poolId,
        amr: ['unauthenticated'],
        iss: `${server.publicUrl}/cognito-identity`,
        'https://cognito-identity.amazonaws.com/identity-pool-arn': `arn:aws:cognito-identity:us-east-1:${server.accountId}:identitypool/${world.poolId}`,
      },
    ])
    expect(await get(id, {})).toMatchObject({ IdentityId: id })
  })

  it("names the providers of a user's logins", async () => {
    const Logins = await world.loginsOf('ada')
    const id = await world.getId(Logins)
    const { sub } = claimsOf(Logins[world.provider] as string)
    expect(claimsOf((await get(id, Logins)).Token as string)['amr']).toEqual([
      'authenticated',
      world.provider,
      `${world.provider}:CognitoSignIn:${sub}`,
    ])
    const ownName = `${server.publicUrl.replace('http://', '')}/${world.userPoolId}`
    const { Token = '' } = await get(id, { [ownName]: Logins[world.provider] as string })
    expect(claimsOf(Token)['amr']).toContain(world.provider)
  })

  it('upgrades a guest, and returns the identity of a known login', async () => {
    const Logins = await world.loginsOf(fresh('user'))
    const guest = await world.getId()
    expect((await get(guest, Logins)).IdentityId).toBe(guest)
    const other = await world.getId()
    const { IdentityId, Token = '' } = await get(other, Logins)
    expect([IdentityId, claimsOf(Token)['sub']]).toEqual([guest, guest])
    await refused('NotAuthorizedException', forbidden(other), other)
    await refused('NotAuthorizedException', forbidden(guest), guest)
  })

  it('is accepted by STS if the role trusts the pool, the kind of user and the tags', async () => {
    const Logins = await world.loginsOf('ada')
    const id = await world.getId(Logins)
    const { Token } = await get(id, Logins)
    const { Credentials, ...answer } = await assume(world.roles.authenticated, Token)
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: id,
      Audience: world.poolId,
      Provider: 'cognito-identity.amazonaws.com',
    })
    expect((await identityOf(server, signerOf(Credentials))).Arn).toBe(
      `arn:aws:sts::${server.accountId}:assumed-role/Authenticated/classic`,
    )
    const denied = ['AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'] as const
    await expectRefusal(assume(world.roles.unauthenticated, Token), ...denied)
    await expectRefusal(assume(world.roles.authenticated, (await get(await world.getId())).Token), ...denied)
    const pool = await world.makePool()
    const elsewhere = await get(await world.getId(Logins, pool), Logins)
    await expectRefusal(assume(world.roles.authenticated, elsewhere.Token), ...denied)
  })

  it('contains principal tags, for which the role has to allow sts:TagSession', async () => {
    const pool = await world.makePool()
    const set = { IdentityPoolId: pool, IdentityProviderName: world.provider, UseDefaults: true }
    await world.admin.send(new SetPrincipalTagAttributeMapCommand(set))
    const RoleName = fresh('Tagged')
    const role = await world.makeRole(RoleName, pool, 'authenticated')
    const Logins = await world.loginsOf('ada')
    const { Token = '' } = await get(await world.getId(Logins, pool), Logins)
    const { sub, aud } = claimsOf(Logins[world.provider] as string)
    expect(claimsOf(Token)['https://aws.amazon.com/tags']).toEqual({
      principal_tags: { client: [aud], username: [sub] },
    })
    await expectRefusal(assume(role, Token), 'AccessDenied', 'Not authorized to perform sts:TagSession')
    const trust = policy(poolTrust(pool, 'authenticated', 'sts:TagSession'))
    await world.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }))
    expect((await assume(role, Token)).Credentials).toBeDefined()
    // Guests have no provider.
    const guest = await get(await world.getId(undefined, pool))
    expect(claimsOf(guest.Token ?? '')['https://aws.amazon.com/tags']).toBeUndefined()
  })

  it('refuses identities that are not the caller’s', async () => {
    const [ada, bea] = [await world.loginsOf('ada'), await world.loginsOf('bea')]
    const id = await world.getId(ada)
    await refused('NotAuthorizedException', forbidden(id), id)
    await refused('NotAuthorizedException', MISMATCH, id, bea)
    await refused('NotAuthorizedException', MISMATCH, id, await world.loginsOf(fresh('new')))
    const unknown = 'us-east-1:00000000-0000-4000-8000-000000000000'
    await refused('ResourceNotFoundException', `Identity '${unknown}' not found.`, unknown)
  })

  it('refuses pools that turned the classic flow off, for guests too', async () => {
    const pool = await world.makePool({ AllowClassicFlow: false })
    const Logins = await world.loginsOf('ada')
    const message = 'Basic (classic) flow is not enabled, please use enhanced flow.'
    await refused('InvalidParameterException', message, await world.getId(Logins, pool), Logins)
    await refused('InvalidParameterException', message, await world.getId(undefined, pool))
    expect(await get(await world.getId(Logins, await world.makePool({ AllowClassicFlow: true })), Logins)).toBeDefined()
  })

  it('refuses users and guests of pools with role mappings', async () => {
    const pool = await world.makePool()
    const mapping = { Type: 'Token', AmbiguousRoleResolution: 'Deny' } as const
    await world.setRoles(pool, { [`${world.provider}:${world.clientId}`]: mapping })
    const Logins = await world.loginsOf('ada')
    const message = 'Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.'
    await refused('InvalidParameterException', message, await world.getId(Logins, pool), Logins)
    await refused('InvalidParameterException', message, await world.getId(undefined, pool))
  })

  it('refuses guests when the pool does not allow them, and identities of a deleted pool', async () => {
    const pool = await world.makePool()
    const id = await world.getId(undefined, pool)
    const update = { IdentityPoolId: pool, IdentityPoolName: 'x', DeveloperProviderName: 'login.example.app' }
    await world.admin.send(new UpdateIdentityPoolCommand({ ...update, AllowUnauthenticatedIdentities: false }))
    await refused('NotAuthorizedException', 'Unauthenticated access is not supported for this identity pool.', id)
    await world.admin.send(new DeleteIdentityPoolCommand({ IdentityPoolId: pool }))
    await refused('ResourceNotFoundException', `Identity '${id}' not found.`, id)
    await expectRefusal(
      world.app.send(new GetCredentialsForIdentityCommand({ IdentityId: id })),
      'ResourceNotFoundException',
      `Identity '${id}' not found.`,
    )
  })
})
