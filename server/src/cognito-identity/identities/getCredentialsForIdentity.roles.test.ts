import {
  ListIdentityPoolsCommand,
  type RoleMapping,
  SetPrincipalTagAttributeMapCommand,
} from '@aws-sdk/client-cognito-identity'
import { AdminAddUserToGroupCommand, CreateGroupCommand } from '@aws-sdk/client-cognito-identity-provider'
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { identityClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { policy } from '../../../test/iam.ts'
import { CONFIGURATION, identityCredentialCalls } from '../../../test/identity-credentials.ts'
import { poolTrust, useIdentityWorld } from '../../../test/identity-world.ts'

const AMBIGUOUS = 'The ambiguous role mapping rules denied this request'

describe.each(engines)('roles and tags of GetCredentialsForIdentity on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  const { signerOf, arnOf, sessionArn, refused, fresh } = identityCredentialCalls(server, world)

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

    it('applies the first rule that matches', async () => {
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

    it('denies or uses the authenticated role when no rule matches', async () => {
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

    it('uses the preferred role of the token, and lets the client choose among its roles', async () => {
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

    it('refuses any CustomRoleArn without a mapping except the authenticated role', async () => {
      const Logins = await world.loginsOf('bea')
      const id = await world.getId(Logins)
      expect(await arnOf(id, Logins, world.roles.authenticated)).toBe(sessionArn('Authenticated'))
      const other = world.roles.unauthenticated
      await refused('NotAuthorizedException', `Access to Role '${other}' is forbidden.`, id, Logins, other)
    })
  })

  describe('with principal tags', () => {
    it('passes them to a role that allows sts:TagSession, and fails for another', async () => {
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
      const list = async (...call: Parameters<typeof signerOf>) =>
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
})
