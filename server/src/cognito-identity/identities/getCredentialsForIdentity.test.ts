import {
  DescribeIdentityCommand,
  GetCredentialsForIdentityCommand,
  GetOpenIdTokenCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  ListIdentitiesCommand,
  ListIdentityPoolsCommand,
  type RoleMapping,
  SetPrincipalTagAttributeMapCommand,
  UnlinkDeveloperIdentityCommand,
  UpdateIdentityPoolCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  AdminAddUserToGroupCommand,
  AdminDisableUserCommand,
  AdminUserGlobalSignOutCommand,
  CreateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  ListRolesCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient, identityClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { policy } from '../../../test/iam.ts'
import { rawIdentityCall } from '../../../test/identity.ts'
import { DEVELOPER_PROVIDER, POOL_PRINCIPAL, poolTrust, useIdentityWorld } from '../../../test/identity-world.ts'
import { identityOf } from '../../../test/sessions.ts'

const CONFIGURATION = 'Invalid identity pool configuration. Check assigned IAM roles for this pool.'
const GUESTS_OFF = 'Unauthenticated access is not supported for this identity pool.'
const MISMATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."
const AMBIGUOUS = 'The ambiguous role mapping rules denied this request'
const forbidden = (id: string) => `Access to Identity '${id}' is forbidden.`

describe.each(engines)('GetCredentialsForIdentity on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  let names = 0
  const fresh = (what: string) => `${what}-${++names}`

  const get = (IdentityId: string, Logins?: Record<string, string>, CustomRoleArn?: string) =>
    world.app.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins, CustomRoleArn }))
  const signerOf = async (...call: Parameters<typeof get>) => {
    const { Credentials: given } = await get(...call)
    return {
      accessKeyId: given?.AccessKeyId as string,
      secretAccessKey: given?.SecretKey as string,
      sessionToken: given?.SessionToken as string,
    }
  }
  const arnOf = async (...call: Parameters<typeof get>) => (await identityOf(server, await signerOf(...call))).Arn
  const sessionArn = (role: string) =>
    `arn:aws:sts::${server.accountId}:assumed-role/${role}/CognitoIdentityCredentials`
  const refused = (name: string, message: string, ...call: Parameters<typeof get>) =>
    expectRefusal(get(...call), name, message)
  const describeIdentity = (IdentityId: string) => world.admin.send(new DescribeIdentityCommand({ IdentityId }))

  describe('for a guest', () => {
    it("gives the guests' role for an hour, in the service's form", async () => {
      const id = await world.getId()
      const before = server.clock.now()
      const { status, json } = await rawIdentityCall(server, 'GetCredentialsForIdentity', {
        IdentityId: id,
        Logins: {},
      })
      expect([status, json]).toEqual([
        200,
        {
          IdentityId: id,
          Credentials: {
            AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
            SecretKey: expect.stringMatching(/^[\w/+]{40}$/),
            SessionToken: expect.any(String),
            Expiration: expect.any(Number),
          },
        },
      ])
      const { Expiration } = json['Credentials'] as { Expiration: number }
      expect(Math.abs(Expiration * 1000 - before - 3_600_000)).toBeLessThan(5000)
      expect(await arnOf(id)).toBe(sessionArn('Guest'))
    })

    it('stays below the ceiling, whatever the role allows', async () => {
      const client = identityClient(server, await signerOf(await world.getId()))
      expect(await client.send(new ListIdentityPoolsCommand({ MaxResults: 1 }))).toBeDefined()
      const iam = iamClient(server, await signerOf(await world.getId()))
      await expectRefusal(
        iam.send(new ListRolesCommand({})),
        'AccessDenied',
        /is not authorized to perform: iam:ListRoles on resource: .* because no session policy allows the iam:ListRoles action$/,
      )
    })

    it('refuses identities with logins, pools without guests, and a choice of role', async () => {
      const id = await world.getId(await world.loginsOf('ada'))
      await refused('NotAuthorizedException', forbidden(id), id)
      await refused('NotAuthorizedException', forbidden(id), id, {})
      const guest = await world.getId()
      const custom = 'CustomRoleArn can not be used without logins.'
      await refused('InvalidParameterException', custom, guest, undefined, world.roles.unauthenticated)
      const pool = await world.makePool()
      const other = await world.getId(undefined, pool)
      await world.setRoles(pool, undefined, {})
      await refused('InvalidIdentityPoolConfigurationException', CONFIGURATION, other)
      await world.admin.send(
        new UpdateIdentityPoolCommand({
          IdentityPoolId: pool,
          IdentityPoolName: 'closed',
          AllowUnauthenticatedIdentities: false,
          DeveloperProviderName: DEVELOPER_PROVIDER,
        }),
      )
      await refused('NotAuthorizedException', GUESTS_OFF, other)
    })
  })

  describe('for a user', () => {
    it("gives the users' role without a ceiling", async () => {
      const Logins = await world.loginsOf('ada')
      const id = await world.getId(Logins)
      expect((await get(id, Logins)).IdentityId).toBe(id)
      expect(await arnOf(id, Logins)).toBe(sessionArn('Authenticated'))
      expect(await iamClient(server, await signerOf(id, Logins)).send(new ListRolesCommand({}))).toBeDefined()
    })

    it('lets a guest become a user under the same id', async () => {
      const guest = await world.getId()
      const Logins = await world.loginsOf(fresh('user'))
      expect((await get(guest, Logins)).IdentityId).toBe(guest)
      expect(await world.getId(Logins)).toBe(guest)
      expect((await describeIdentity(guest)).Logins).toEqual([world.provider])
      await refused('NotAuthorizedException', forbidden(guest), guest)
    })

    it('answers with the identity of the login, and disables the guest that asked', async () => {
      const pool = await world.makePool()
      await world.setRoles(pool, undefined, { authenticated: await world.makeRole(fresh('Role'), pool, '*') })
      const Logins = await world.loginsOf(fresh('user'))
      const id = await world.getId(Logins, pool)
      const guest = await world.getId(undefined, pool)
      expect((await get(guest, Logins)).IdentityId).toBe(id)
      // Also when it asks again with the id that it has not replaced.
      expect((await get(guest, Logins)).IdentityId).toBe(id)
      await refused('NotAuthorizedException', forbidden(guest), guest)
      await refused('NotAuthorizedException', forbidden(guest), guest, await world.loginsOf(fresh('user')))
      const list = (HideDisabled?: boolean) =>
        world.admin
          .send(new ListIdentitiesCommand({ IdentityPoolId: pool, MaxResults: 60, HideDisabled }))
          .then(({ Identities }) => Identities?.map(({ IdentityId }) => IdentityId))
      expect(await list()).toEqual([id, guest])
      expect(await list(true)).toEqual([id])
    })

    it('merges twenty times at once into one', async () => {
      const Logins = await world.loginsOf(fresh('user'))
      const guests = await Promise.all(Array.from({ length: 20 }, () => world.getId()))
      const answers = await Promise.all(guests.map((guest) => get(guest, Logins)))
      const ids = new Set(answers.map(({ IdentityId }) => IdentityId))
      expect(ids.size).toBe(1)
      expect(ids).toContain(await world.getId(Logins))
    })

    it('gives a guest to one of several users who take it at once, and to one user however often', async () => {
      const guest = await world.getId()
      const all = await Promise.all(Array.from({ length: 6 }, () => world.loginsOf(fresh('user'))))
      const outcomes = await Promise.allSettled(all.map((Logins) => get(guest, Logins)))
      const [won, ...others] = outcomes.filter(({ status }) => status === 'fulfilled')
      expect([won !== undefined, others]).toEqual([true, []])
      for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason.message).toBe(MISMATCH)
      const [again, Logins] = [await world.getId(), await world.loginsOf(fresh('user'))]
      const answers = await Promise.all(Array.from({ length: 20 }, () => get(again, Logins)))
      expect(new Set(answers.map(({ IdentityId }) => IdentityId))).toEqual(new Set([again]))
    })

    it('refuses the id of another user, and one that nobody has', async () => {
      const [ada, bea] = [await world.loginsOf('ada'), await world.loginsOf('bea')]
      await refused('NotAuthorizedException', MISMATCH, await world.getId(ada), bea)
      await refused('NotAuthorizedException', MISMATCH, await world.getId(ada), await world.loginsOf(fresh('new')))
      const unknown = 'us-east-1:00000000-0000-4000-8000-000000000000'
      await refused('ResourceNotFoundException', `Identity '${unknown}' not found.`, unknown, ada)
      await refused('ResourceNotFoundException', `Identity '${unknown}' not found.`, unknown)
    })

    it('refuses when STS does: no role, a role that is gone or does not trust the pool', async () => {
      const pool = await world.makePool()
      const Logins = await world.loginsOf('ada')
      const id = await world.getId(Logins, pool)
      const fails = () => refused('InvalidIdentityPoolConfigurationException', CONFIGURATION, id, Logins)
      await fails()
      // It trusts the other pool.
      await world.setRoles(pool)
      await fails()
      const RoleName = fresh('Role')
      const arn = await world.makeRole(RoleName, pool, 'unauthenticated')
      await world.setRoles(pool, undefined, { authenticated: arn })
      await fails()
      const trust = policy(poolTrust(pool, `${world.provider}:CognitoSignIn:*`))
      await world.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }))
      expect(await arnOf(id, Logins)).toBe(sessionArn(RoleName))
      await world.iam.send(new DeleteRoleCommand({ RoleName }))
      await fails()
    })

    it('gives credentials that are no good any more when the role is gone', async () => {
      const pool = await world.makePool()
      const RoleName = fresh('Role')
      const arn = await world.makeRole(RoleName, pool, 'authenticated', { Action: '*' })
      await world.setRoles(pool, undefined, { authenticated: arn })
      const Logins = await world.loginsOf('ada')
      const signer = await signerOf(await world.getId(Logins, pool), Logins)
      expect((await identityOf(server, signer)).Arn).toBe(sessionArn(RoleName))
      await world.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'inline' }))
      await world.iam.send(new DeleteRoleCommand({ RoleName }))
      await expectRefusal(identityOf(server, signer), 'InvalidClientTokenId')
    })
  })

  describe('with ServerSideTokenCheck', () => {
    it('refuses a user who signed out everywhere or was disabled; without it a token counts until it expires', async () => {
      const checked = await world.makePool({
        CognitoIdentityProviders: [
          { ProviderName: world.provider, ClientId: world.clientId, ServerSideTokenCheck: true },
        ],
      })
      const revoked = 'Invalid login token. Token has been revoked.'
      const Username = fresh('user')
      const Logins = await world.loginsOf(Username)
      const [id, unchecked] = [await world.getId(Logins, checked), await world.getId(Logins)]
      await server.admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId: world.userPoolId, Username }))
      await refused('NotAuthorizedException', revoked, id, Logins)
      await expectRefusal(world.getId(Logins, checked), 'NotAuthorizedException', revoked)
      expect(await arnOf(unchecked, Logins)).toBe(sessionArn('Authenticated'))
      const again = await world.loginsOf(Username)
      expect(await world.getId(again, checked)).toBe(id)
      await server.admin.send(new AdminDisableUserCommand({ UserPoolId: world.userPoolId, Username }))
      await refused('NotAuthorizedException', revoked, id, again)
    })
  })

  describe('with role mappings', () => {
    const RULES: RoleMapping = {
      Type: 'Rules',
      AmbiguousRoleResolution: 'Deny',
      RulesConfiguration: { Rules: [] },
    }

    /** A pool with a mapping, whose roles trust it. */
    async function mapped(mapping: (roles: { first: string; second: string }) => RoleMapping) {
      const pool = await world.makePool()
      const [one, two] = [fresh('First'), fresh('Second')]
      const roles = {
        authenticated: await world.makeRole(fresh('Default'), pool, 'authenticated'),
        first: await world.makeRole(one, pool, 'authenticated'),
        second: await world.makeRole(two, pool, 'authenticated'),
      }
      const { authenticated, ...own } = roles
      await world.setRoles(pool, { [`${world.provider}:${world.clientId}`]: mapping(own) }, { authenticated })
      const Logins = await world.loginsOf('ada')
      return { pool, id: await world.getId(Logins, pool), Logins, ...roles }
    }
    const roleName = (arn: string) => arn.split('/').at(-1) as string

    it('takes the first rule that matches, in their order', async () => {
      const rule = (Claim: string, Value: string, RoleARN: string) =>
        ({ Claim, MatchType: 'Equals', Value, RoleARN }) as const
      const { id, Logins, second } = await mapped((roles) => ({
        ...RULES,
        RulesConfiguration: {
          Rules: [
            rule('cognito:username', 'bea', roles.first),
            rule('cognito:username', 'ada', roles.second),
            rule('token_use', 'id', roles.first),
          ],
        },
      }))
      expect(await arnOf(id, Logins)).toBe(sessionArn(roleName(second)))
    })

    it('denies, or falls back to the default role, when none matches', async () => {
      const none = (AmbiguousRoleResolution: 'Deny' | 'AuthenticatedRole') =>
        mapped(({ first }) => ({
          ...RULES,
          AmbiguousRoleResolution,
          RulesConfiguration: {
            Rules: [{ Claim: 'missing', MatchType: 'NotEqual', Value: 'x', RoleARN: first }],
          },
        }))
      const denied = await none('Deny')
      await refused('NotAuthorizedException', AMBIGUOUS, denied.id, denied.Logins)
      const { id, Logins, authenticated } = await none('AuthenticatedRole')
      expect(await arnOf(id, Logins)).toBe(sessionArn(roleName(authenticated)))
    })

    it('takes the preferred role of the token, and lets the client choose among its roles', async () => {
      const { id, first, second, authenticated } = await mapped(() => ({
        Type: 'Token',
        AmbiguousRoleResolution: 'Deny',
      }))
      await refused('NotAuthorizedException', AMBIGUOUS, id, await world.loginsOf('ada'))
      const UserPoolId = world.userPoolId
      const join = async (RoleArn: string, Precedence: number) => {
        const GroupName = fresh('group')
        await server.admin.send(new CreateGroupCommand({ UserPoolId, GroupName, RoleArn, Precedence }))
        await server.admin.send(new AdminAddUserToGroupCommand({ UserPoolId, GroupName, Username: 'ada' }))
      }
      await join(first, 2)
      await join(second, 1)
      const Logins = await world.loginsOf('ada')
      expect(await arnOf(id, Logins)).toBe(sessionArn(roleName(second)))
      expect(await arnOf(id, Logins, first)).toBe(sessionArn(roleName(first)))
      await refused(
        'NotAuthorizedException',
        `Access to Role '${authenticated}' is forbidden.`,
        id,
        Logins,
        authenticated,
      )
    })

    it('refuses a choice of role where there is no mapping, but for the role that it would be', async () => {
      const Logins = await world.loginsOf('bea')
      const id = await world.getId(Logins)
      expect(await arnOf(id, Logins, world.roles.authenticated)).toBe(sessionArn('Authenticated'))
      const other = world.roles.unauthenticated
      await refused('NotAuthorizedException', `Access to Role '${other}' is forbidden.`, id, Logins, other)
    })
  })

  describe('with principal tags', () => {
    it('passes them on to a role that lets them, and fails for one that does not', async () => {
      const pool = await world.makePool()
      await world.admin.send(
        new SetPrincipalTagAttributeMapCommand({
          IdentityPoolId: pool,
          IdentityProviderName: world.provider,
          PrincipalTags: { user: 'cognito:username', none: 'missing' },
        }),
      )
      const Logins = await world.loginsOf('ada')
      const id = await world.getId(Logins, pool)
      const RoleName = fresh('Tagged')
      const arn = await world.makeRole(RoleName, pool, 'authenticated', {
        Action: 'cognito-identity:ListIdentityPools',
        Condition: { StringEquals: { 'aws:PrincipalTag/user': 'ada' } },
      })
      await world.setRoles(pool, undefined, { authenticated: arn })
      await refused('InvalidIdentityPoolConfigurationException', CONFIGURATION, id, Logins)
      const trust = policy(poolTrust(pool, 'authenticated', 'sts:TagSession'))
      await world.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }))
      const list = async (...call: Parameters<typeof get>) =>
        identityClient(server, await signerOf(...call)).send(new ListIdentityPoolsCommand({ MaxResults: 1 }))
      expect(await list(id, Logins)).toBeDefined()
      const bea = await world.loginsOf('bea')
      await expectRefusal(list(await world.getId(bea, pool), bea), 'AccessDeniedException')
      // A name that cannot be the value of a tag.
      const star = await world.loginsOf('a*')
      const starId = await world.getId(star, pool)
      await refused('InvalidIdentityPoolConfigurationException', CONFIGURATION, starId, star)
    })
  })

  describe('with a token of the pool', () => {
    const developer = async (input: object = {}) => {
      const { IdentityId, Token } = await world.admin.send(
        new GetOpenIdTokenForDeveloperIdentityCommand({
          IdentityPoolId: world.poolId,
          Logins: { [DEVELOPER_PROVIDER]: fresh('user') },
          ...input,
        }),
      )
      return { id: IdentityId as string, Logins: { [POOL_PRINCIPAL]: Token as string } }
    }

    it("gives the users' role to a developer's user", async () => {
      const { id, Logins } = await developer()
      expect((await get(id, Logins)).IdentityId).toBe(id)
      expect(await arnOf(id, Logins)).toBe(sessionArn('Authenticated'))
      await refused('NotAuthorizedException', forbidden(id), id)
      const other = world.roles.unauthenticated
      await refused('NotAuthorizedException', `Access to Role '${other}' is forbidden.`, id, Logins, other)
    })

    it('refuses it for another identity, beside other logins, after it has expired, or when nobody is left', async () => {
      const identifier = fresh('user')
      const { id, Logins } = await developer({ Logins: { [DEVELOPER_PROVIDER]: identifier } })
      const other = await developer()
      await refused('NotAuthorizedException', forbidden(other.id), other.id, Logins)
      const guest = await world.getId()
      await refused('NotAuthorizedException', forbidden(guest), guest, Logins)
      const both = { ...Logins, ...(await world.loginsOf('ada')) }
      const noPoolToken = "Invalid login token. Can't pass in a Cognito token."
      await refused('NotAuthorizedException', noPoolToken, id, both)
      await expectRefusal(world.getId(Logins), 'NotAuthorizedException', noPoolToken)
      await world.admin.send(
        new UnlinkDeveloperIdentityCommand({
          IdentityPoolId: world.poolId,
          IdentityId: id,
          DeveloperProviderName: DEVELOPER_PROVIDER,
          DeveloperUserIdentifier: identifier,
        }),
      )
      await refused('NotAuthorizedException', forbidden(id), id, Logins)
      const short = await developer({ TokenDuration: 1 })
      server.clock.advance(2000)
      await expectRefusal(
        get(short.id, short.Logins),
        'NotAuthorizedException',
        /^Invalid login token\. Token expired: \d{10} >= \d{10}$/,
      )
    })

    it('refuses tokens of the classic flow, of others, and what is none', async () => {
      const guest = await world.getId()
      const { Token = '' } = await world.app.send(new GetOpenIdTokenCommand({ IdentityId: guest }))
      const refuses = (token: string, text: string) =>
        refused('NotAuthorizedException', `Invalid login token. ${text}`, guest, { [POOL_PRINCIPAL]: token })
      await refuses(Token, "Can't pass in a Cognito token.")
      await refuses((await world.tokensOf('ada')).IdToken, "Issuer doesn't match providerName")
      await refuses('x', 'Not a valid OpenId Connect identity token.')
      const [header, claims] = Token.split('.')
      await refuses(`${header}.${claims}.AAAA`, "Couldn't verify signed token.")
    })

    it('carries tags from the backend into the session', async () => {
      const RoleName = fresh('Tagged')
      const pool = await world.makePool()
      await world.makeRole(RoleName, pool, 'authenticated', {
        Action: 'cognito-identity:ListIdentityPools',
        Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } },
      })
      const trust = policy(poolTrust(pool, `${DEVELOPER_PROVIDER}:*`, 'sts:TagSession'))
      await world.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }))
      await world.setRoles(pool, undefined, { authenticated: `arn:aws:iam::${server.accountId}:role/${RoleName}` })
      const list = async (PrincipalTags: Record<string, string>) => {
        const { id, Logins } = await developer({ IdentityPoolId: pool, PrincipalTags })
        return identityClient(server, await signerOf(id, Logins)).send(new ListIdentityPoolsCommand({ MaxResults: 1 }))
      }
      expect(await list({ team: 'blue' })).toBeDefined()
      await expectRefusal(list({ team: 'red' }), 'AccessDeniedException')
    })
  })
})
