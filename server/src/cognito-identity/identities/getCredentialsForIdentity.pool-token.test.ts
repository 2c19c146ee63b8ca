import {
  GetOpenIdTokenCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  ListIdentityPoolsCommand,
  UnlinkDeveloperIdentityCommand,
} from '@aws-sdk/client-cognito-identity'
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { identityClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { policy } from '../../../test/iam.ts'
import { forbidden, identityCredentialCalls } from '../../../test/identity-credentials.ts'
import { DEVELOPER_PROVIDER, POOL_PRINCIPAL, poolTrust, useIdentityWorld } from '../../../test/identity-world.ts'

describe.each(engines)('GetCredentialsForIdentity on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  const { get, signerOf, arnOf, sessionArn, refused, fresh } = identityCredentialCalls(server, world)

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

    it('refuses it for another identity, with other logins, when expired, or when no logins are left', async () => {
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

    it('refuses tokens of the classic flow, of other issuers, and text that is not a token', async () => {
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
