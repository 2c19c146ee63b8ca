// Further regions: their signatures are taken, and each region sees its own pools only.

import {
  CreateIdentityPoolCommand,
  DeleteIdentitiesCommand,
  DeleteIdentityPoolCommand,
  DescribeIdentityCommand,
  DescribeIdentityPoolCommand,
  GetIdCommand,
  ListIdentityPoolsCommand,
  ListTagsForResourceCommand as ListIdentityPoolTagsCommand,
  TagResourceCommand as TagIdentityPoolCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolCommand,
  InitiateAuthCommand,
  ListTagsForResourceCommand,
  ListUserPoolsCommand,
  paginateListUserPools,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, iamClient, identityClient, stsClient } from '../../test/aws-clients.ts'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  startTestServer,
  type TestServer,
} from '../../test/harness.ts'
import { makeIamUser } from '../../test/iam.ts'

describe.each(engines)('%s', (engine) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({ engine, env: { FURTHER_REGIONS: 'eu-west-1, ap-southeast-2' } })
  })
  afterAll(() => server?.stop())

  const inRegion = (region: string): TestServer =>
    ({ url: server.url, clock: server.clock, credentials: server.credentials, region }) as TestServer
  const userPools = (region: string, credentials: Credentials = server.credentials) => {
    const client = new CognitoIdentityProviderClient({ endpoint: server.url, region, credentials, maxAttempts: 1 })
    server.clock.follow(client)
    return client
  }
  const identityPools = (region: string) => identityClient(inRegion(region))

  it('a user pool is seen in its own region only, by every signed call', async () => {
    const [home, europe] = [userPools('us-east-1'), userPools('eu-west-1')]
    const { UserPool } = await europe.send(new CreateUserPoolCommand({ PoolName: 'p', UserPoolTags: { a: '1' } }))
    const UserPoolId = UserPool?.Id as string
    const ResourceArn = UserPool?.Arn as string
    // The region of ids stays the server's; ARNs have that of the pool.
    expect([UserPoolId.slice(0, 10), ResourceArn.slice(0, 30)]).toEqual([
      'us-east-1_',
      'arn:aws:cognito-idp:eu-west-1:',
    ])
    const unknown = `User pool ${UserPoolId} does not exist.`
    const noResource = `Resource ${ResourceArn} does not exist.`
    for (const client of [home, userPools('ap-southeast-2')]) {
      const refusal = (call: Promise<unknown>, text: string) => expectRefusal(call, 'ResourceNotFoundException', text)
      await refusal(client.send(new DescribeUserPoolCommand({ UserPoolId })), unknown)
      await refusal(client.send(new AdminCreateUserCommand({ UserPoolId, Username: 'ada' })), unknown)
      await refusal(client.send(new DeleteUserPoolCommand({ UserPoolId })), unknown)
      await refusal(client.send(new ListTagsForResourceCommand({ ResourceArn })), noResource)
      await refusal(client.send(new TagResourceCommand({ ResourceArn, Tags: { b: '2' } })), noResource)
      await refusal(client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] })), noResource)
    }
    expect((await europe.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool?.Name).toBe('p')
    expect((await europe.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual({ a: '1' })
  })

  it('lists of user pools have those of the region, over their pages', async () => {
    const made: Record<string, string[]> = { 'us-east-1': [], 'ap-southeast-2': [] }
    for (const region of [...Object.keys(made), ...Object.keys(made), ...Object.keys(made)]) {
      const { UserPool } = await userPools(region).send(new CreateUserPoolCommand({ PoolName: region }))
      made[region]?.push(UserPool?.Id as string)
    }
    const listed = async (region: string) => {
      const ids: (string | undefined)[] = []
      for await (const page of paginateListUserPools({ client: userPools(region), pageSize: 2 }, { MaxResults: 2 }))
        ids.push(...(page.UserPools ?? []).map(({ Id }) => Id))
      return ids
    }
    expect(await listed('ap-southeast-2')).toEqual(made['ap-southeast-2']?.sort())
    expect(await listed('us-east-1')).toEqual(made['us-east-1']?.sort())
    const { NextToken } = await userPools('ap-southeast-2').send(new ListUserPoolsCommand({ MaxResults: 1 }))
    await expectRefusal(
      userPools('us-east-1').send(new ListUserPoolsCommand({ MaxResults: 1, NextToken })),
      'InvalidParameterException',
    )
  })

  it('an identity pool and its identities are seen in their own region only', async () => {
    const [home, europe] = [identityPools('us-east-1'), identityPools('eu-west-1')]
    const pool = { IdentityPoolName: 'p', AllowUnauthenticatedIdentities: true, IdentityPoolTags: { a: '1' } }
    const { IdentityPoolId } = await europe.send(new CreateIdentityPoolCommand(pool))
    const ResourceArn = `arn:aws:cognito-identity:us-east-1:${server.accountId}:identitypool/${IdentityPoolId}`
    // A public call names no region.
    const nobody = identityClient(server, 'nobody')
    const { IdentityId } = await nobody.send(new GetIdCommand({ IdentityPoolId }))
    const refusal = (call: Promise<unknown>) => expectRefusal(call, 'ResourceNotFoundException')
    await refusal(home.send(new DescribeIdentityPoolCommand({ IdentityPoolId })))
    await refusal(home.send(new DeleteIdentityPoolCommand({ IdentityPoolId })))
    await refusal(home.send(new DescribeIdentityCommand({ IdentityId })))
    await refusal(home.send(new ListIdentityPoolTagsCommand({ ResourceArn })))
    await refusal(home.send(new TagIdentityPoolCommand({ ResourceArn, Tags: { b: '2' } })))
    const IdentityIdsToDelete = [IdentityId as string]
    const other = await home.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete }))
    expect(other.UnprocessedIdentityIds).toMatchObject([{ IdentityId }])
    const names = async (client: typeof home) =>
      (await client.send(new ListIdentityPoolsCommand({ MaxResults: 60 }))).IdentityPools?.map((p) => p.IdentityPoolId)
    expect([await names(home), await names(europe)]).toEqual([[], [IdentityPoolId]])
    expect((await europe.send(new DescribeIdentityCommand({ IdentityId }))).IdentityId).toBe(IdentityId)
    expect((await europe.send(new ListIdentityPoolTagsCommand({ ResourceArn }))).Tags).toEqual({ a: '1' })
    const own = await europe.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete }))
    expect(own.UnprocessedIdentityIds).toEqual([])
  })

  it('users sign in at a pool of any region, and policies see the region of the signature', async () => {
    const europe = { ...inRegion('eu-west-1'), admin: userPools('eu-west-1') } as TestServer
    const { Id: UserPoolId } = await makePool(europe)
    const { ClientId } = await makeClient(europe, UserPoolId)
    await makeUser(europe, UserPoolId, 'ada')
    const AuthParameters = { USERNAME: 'ada', PASSWORD }
    const signIn = new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
    expect((await userPools('us-east-1').send(signIn)).AuthenticationResult?.AccessToken).toBeDefined()

    const bounded = await makeIamUser(iamClient(server), 'bounded', {
      Action: 'cognito-idp:ListUserPools',
      Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    })
    const list = (region: string) => userPools(region, bounded).send(new ListUserPoolsCommand({ MaxResults: 1 }))
    expect((await list('eu-west-1')).UserPools).toHaveLength(1)
    await expectRefusal(list('us-east-1'), 'AccessDeniedException')
  })

  it('other regions stay refused; STS takes any', async () => {
    await expectRefusal(
      userPools('eu-west-2').send(new ListUserPoolsCommand({ MaxResults: 1 })),
      'InvalidSignatureException',
      "Credential should be scoped to a valid region, not 'eu-west-2'. ",
    )
    expect((await stsClient(inRegion('eu-west-2')).send(new GetCallerIdentityCommand({}))).Account).toBe(
      server.accountId,
    )
  })
})
