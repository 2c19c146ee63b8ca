// A clock that was ahead and is set back, for everything that clients hold and the server does not store: it is refused
// when it was made in the future, and lives no longer than it was made for. Codes, sessions and the tokens of user pools
// are in clock.test.ts.
import { GetCredentialsForIdentityCommand, GetOpenIdTokenCommand } from '@aws-sdk/client-cognito-identity'
import { CreateGroupCommand, ListGroupsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { ListRolesCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetFederationTokenCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts'
import { afterEach, beforeAll, describe, test } from 'vitest'
import { type Credentials, stsClient } from '../aws-clients.ts'
import { EXPIRED_SESSION, responder, srpBeginner } from '../challenges.ts'
import { expectRefusal, PASSWORD, usePool, useTestServer } from '../harness.ts'
import { makeIamUser, makeRole } from '../iam.ts'
import { developerToken } from '../identity.ts'
import { DEVELOPER_PROVIDER, POOL_PRINCIPAL, useIdentityWorld } from '../identity-world.ts'
import { identityOf, signerOf } from '../sessions.ts'
import { srpAnswer } from '../srp-client.ts'
import { assumerWithToken } from '../web-identity.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** What a client is given, ready to be used. */
type Use = () => Promise<unknown>

interface Kind {
  /** What it is, and the operation that gives it. */
  name: string
  make(): Promise<Use>
  /** The shortest life that it can be given. */
  lifeMs: number
  /** The error and text when it was made in the future. */
  future: [error: string, text?: string | RegExp]
  /** The same when it has ended. */
  ended: [error: string, text?: string | RegExp]
}

describe('a clock that is set back', () => {
  const server = useTestServer()
  const world = useIdentityWorld(server)
  const at = usePool(server, { users: ['ann'] })
  const assume = assumerWithToken(server)
  let user: Credentials
  let role: string

  beforeAll(async () => {
    user = await makeIamUser(world.iam, 'dev', { Action: '*' })
    role = await makeRole(world.iam, 'Walk', { Principal: { AWS: server.accountId } })
    for (const GroupName of ['one', 'two'])
      await server.admin.send(new CreateGroupCommand({ UserPoolId: at.poolId, GroupName }))
  })

  /** Runs `work` on a clock that is ahead. */
  const ahead = async <T>(ms: number, work: () => Promise<T>): Promise<T> => {
    server.clock.advance(ms)
    return work().finally(() => server.clock.advance(-ms))
  }

  const session = (
    name: string,
    give: (sts: ReturnType<typeof stsClient>) => Promise<{ Credentials?: Parameters<typeof signerOf>[0] }>,
  ): Kind => ({
    name: `session credentials of ${name}`,
    make: async () => {
      const sts = stsClient(server, user)
      const signer = signerOf((await give(sts)).Credentials)
      sts.destroy()
      return () => identityOf(server, signer)
    },
    lifeMs: 15 * MINUTE,
    future: ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
    ended: ['ExpiredToken', 'The security token included in the request is expired'],
  })
  const DurationSeconds = 900

  const kinds: Kind[] = [
    session('AssumeRole', (sts) =>
      sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'walk', DurationSeconds })),
    ),
    session('GetSessionToken', (sts) => sts.send(new GetSessionTokenCommand({ DurationSeconds }))),
    session('GetFederationToken', (sts) => sts.send(new GetFederationTokenCommand({ Name: 'walk', DurationSeconds }))),
    {
      name: 'a SECRET_BLOCK',
      make: async () => {
        const { start, challenge } = await srpBeginner(server, at)('ann')
        return () => {
          const now = new Date(server.clock.now())
          return responder(server, at)('PASSWORD_VERIFIER', srpAnswer(at.poolId, start, challenge, PASSWORD, now))
        }
      },
      lifeMs: 3 * MINUTE,
      future: ['NotAuthorizedException', EXPIRED_SESSION],
      ended: ['NotAuthorizedException', EXPIRED_SESSION],
    },
    {
      name: 'a page token of a user pool',
      make: async () => {
        const { NextToken } = await server.admin.send(new ListGroupsCommand({ UserPoolId: at.poolId, Limit: 1 }))
        return () => server.admin.send(new ListGroupsCommand({ UserPoolId: at.poolId, Limit: 1, NextToken }))
      },
      lifeMs: 60 * MINUTE,
      future: ['InvalidParameterException', 'Invalid pagination token'],
      ended: ['InvalidParameterException', 'Invalid pagination token'],
    },
    {
      name: 'a Marker of IAM',
      make: async () => {
        const { Marker } = await world.iam.send(new ListRolesCommand({ MaxItems: 1 }))
        return () => world.iam.send(new ListRolesCommand({ MaxItems: 1, Marker }))
      },
      lifeMs: 60 * MINUTE,
      future: ['ValidationError', 'Invalid Marker.'],
      ended: ['ValidationError', 'Invalid Marker.'],
    },
    {
      name: 'the token of GetOpenIdToken at STS',
      make: async () => {
        const IdentityId = await world.getId()
        const { Token = '' } = await world.app.send(new GetOpenIdTokenCommand({ IdentityId }))
        return () => assume(world.roles.unauthenticated, Token)
      },
      lifeMs: 10 * MINUTE,
      future: ['InvalidIdentityTokenException'],
      ended: ['ExpiredTokenException'],
    },
    {
      name: "a developer's token at STS",
      make: async () => {
        const { token } = await developerToken(world.admin, world.poolId, { [DEVELOPER_PROVIDER]: 'ada' })
        return () => assume(world.roles.authenticated, token)
      },
      lifeMs: 15 * MINUTE,
      future: ['InvalidIdentityTokenException'],
      ended: ['ExpiredTokenException'],
    },
    {
      name: "a developer's token at the identity pool",
      make: async () => {
        const { id, token } = await developerToken(world.admin, world.poolId, { [DEVELOPER_PROVIDER]: 'ada' })
        return () =>
          world.app.send(new GetCredentialsForIdentityCommand({ IdentityId: id, Logins: { [POOL_PRINCIPAL]: token } }))
      },
      lifeMs: 15 * MINUTE,
      future: ['NotAuthorizedException', 'Invalid login token. Not a valid OpenId Connect identity token.'],
      ended: ['NotAuthorizedException', /^Invalid login token\. Token expired/],
    },
    {
      name: 'credentials of an identity',
      make: async () => {
        const { Credentials } = await world.app.send(
          new GetCredentialsForIdentityCommand({ IdentityId: await world.getId() }),
        )
        return () => identityOf(server, signerOf({ ...Credentials, SecretAccessKey: Credentials?.SecretKey } as never))
      },
      lifeMs: 60 * MINUTE,
      future: ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
      ended: ['ExpiredToken', 'The security token included in the request is expired'],
    },
  ]

  let back = 0
  afterEach(() => {
    server.clock.advance(-back)
    back = 0
  })

  describe.each(kinds)('$name', ({ make, lifeMs, future, ended }) => {
    test('is refused by a clock that is ten minutes behind the one it was made by', async () => {
      const use = await ahead(10 * MINUTE, make)
      await expectRefusal(use(), ...future)
    })

    test('is good when that is two seconds', async () => {
      const use = await ahead(2 * SECOND, make)
      await use()
    })

    test('ends at its time, though the clock was set back and put right in between', async () => {
      const use = await make()
      const other = await make()
      await ahead(-10 * MINUTE, () => expectRefusal(use(), ...future))
      back = lifeMs + SECOND
      server.clock.advance(back)
      await expectRefusal(use(), ...ended)
      await expectRefusal(other(), ...ended)
    })
  })
})
