import {
  DescribeIdentityCommand,
  ListIdentitiesCommand,
  ListIdentityPoolsCommand,
  UpdateIdentityPoolCommand,
} from '@aws-sdk/client-cognito-identity'
import { AdminDisableUserCommand, AdminUserGlobalSignOutCommand } from '@aws-sdk/client-cognito-identity-provider'
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
import { CONFIGURATION, forbidden, identityCredentialCalls } from '../../../test/identity-credentials.ts'
import { DEVELOPER_PROVIDER, poolTrust, useIdentityWorld } from '../../../test/identity-world.ts'
import { identityOf } from '../../../test/sessions.ts'

const GUESTS_OFF = 'Unauthenticated access is not supported for this identity pool.'
const MISMATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."

describe.each(engines)('GetCredentialsForIdentity on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  const { get, signerOf, arnOf, sessionArn, refused, fresh } = identityCredentialCalls(server, world)
  const describeIdentity = (IdentityId: string) => world.admin.send(new DescribeIdentityCommand({ IdentityId }))

  describe('for a guest', () => {
    it("gives the guests' role for an hour, in the service's form", async () => {
      const id = await world.getId()
      server.clock.freeze()
      const now = server.clock.now()
      const { status, json } = await rawIdentityCall(server, 'GetCredentialsForIdentity', {
        IdentityId: id,
        Logins: {},
      })
      server.clock.thaw()
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
      expect(Math.floor(Expiration)).toBe(Math.floor(now / 1000) + 3600)
      expect(await arnOf(id)).toBe(sessionArn('Guest'))
    })

    it('is bounded by the session policies, whatever the role allows', async () => {
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
    it("gives the users' role without session policies", async () => {
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

    it('returns the identity of the login, and disables the named guest', async () => {
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

    it('merges into one identity in twenty concurrent requests', async () => {
      const Logins = await world.loginsOf(fresh('user'))
      const guests = await Promise.all(Array.from({ length: 20 }, () => world.getId()))
      const answers = await Promise.all(guests.map((guest) => get(guest, Logins)))
      const ids = new Set(answers.map(({ IdentityId }) => IdentityId))
      expect(ids.size).toBe(1)
      expect(ids).toContain(await world.getId(Logins))
    })

    it('links a guest to one of several users who claim it concurrently, and to one user repeatedly', async () => {
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

    it('refuses the id of another user, and an unknown one', async () => {
      const [ada, bea] = [await world.loginsOf('ada'), await world.loginsOf('bea')]
      await refused('NotAuthorizedException', MISMATCH, await world.getId(ada), bea)
      await refused('NotAuthorizedException', MISMATCH, await world.getId(ada), await world.loginsOf(fresh('new')))
      const unknown = 'us-east-1:00000000-0000-4000-8000-000000000000'
      await refused('ResourceNotFoundException', `Identity '${unknown}' not found.`, unknown, ada)
      await refused('ResourceNotFoundException', `Identity '${unknown}' not found.`, unknown)
    })

    it('refuses when STS does: no role, a deleted role, one that does not trust the pool', async () => {
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

    it('gives credentials that are invalid after the role is deleted', async () => {
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
    it('refuses a user who signed out globally or was disabled; without it a token is valid until exp', async () => {
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
})
