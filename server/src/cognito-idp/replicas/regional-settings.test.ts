// What each region of a pool shows, and has of its own.
import {
  CreateUserPoolReplicaCommand,
  ListTagsForResourceCommand,
  ListUserPoolsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, type TestServer, useTestServer } from '../../../test/harness.ts'
import { inRegion, promote, replicaCalls, SECOND } from '../../../test/regions.ts'

describe.each(engines)('on %s', (engine) => {
  const server = useTestServer({ engine, env: { FURTHER_REGIONS: `${SECOND}, ap-southeast-2` } })
  let UserPoolId: string
  let second: TestServer
  beforeEach(async () => {
    UserPoolId = (await makePool(server)).Id
    second = inRegion(server, SECOND)
  })

  const { create, remove, describePool, arn } = replicaCalls(server, () => UserPoolId)

  it('each region shows the pool with its ARN and its tags, and lists it', async () => {
    await server.admin.send(new TagResourceCommand({ ResourceArn: arn('us-east-1'), Tags: { stage: 'one' } }))
    await create(SECOND, { stage: 'two' })
    expect(await describePool()).toMatchObject({ Arn: arn('us-east-1'), UserPoolTags: { stage: 'one' } })
    expect(await describePool(second)).toMatchObject({ Arn: arn(SECOND), UserPoolTags: { stage: 'two' } })
    const tags = async (at: TestServer, region: string) =>
      (await at.admin.send(new ListTagsForResourceCommand({ ResourceArn: arn(region) }))).Tags
    await second.admin.send(new TagResourceCommand({ ResourceArn: arn(SECOND), Tags: { team: 'b' } }))
    await second.admin.send(new UntagResourceCommand({ ResourceArn: arn(SECOND), TagKeys: ['stage'] }))
    expect([await tags(server, 'us-east-1'), await tags(second, SECOND)]).toEqual([{ stage: 'one' }, { team: 'b' }])
    // Terraform reads the tags of a replica from the primary region.
    expect([await tags(server, SECOND), await tags(second, 'us-east-1')]).toEqual([{ team: 'b' }, { stage: 'one' }])
    await expectRefusal(tags(server, 'ap-southeast-2'), 'ResourceNotFoundException')
    await expectRefusal(
      second.admin.send(new TagResourceCommand({ ResourceArn: arn(SECOND), Tags: { 'cognomen:account-page': 'on' } })),
      'InvalidParameterException',
      "Tag 'cognomen:account-page' is a setting of the user pool: set it in the primary region.",
    )
    const listed = async (at: TestServer) =>
      (await at.admin.send(new ListUserPoolsCommand({ MaxResults: 60 }))).UserPools?.find(({ Id }) => Id === UserPoolId)
    expect(await listed(server)).toMatchObject({ ReplicaRegions: [SECOND, 'us-east-1'] })
    expect(await listed(second)).toMatchObject({ ReplicaRegions: [SECOND, 'us-east-1'] })
    await remove()
    expect(await listed(server)).not.toHaveProperty('ReplicaRegions')
    expect(await listed(second)).toBeUndefined()
  })

  it('lists of a region have primary and secondary pools over their pages, each once', async () => {
    const third = inRegion(server, 'ap-southeast-2')
    const ids: string[] = []
    for (const at of [server, third, server, third, server]) {
      const { Id } = await makePool(at)
      if (at === server)
        await server.admin.send(new CreateUserPoolReplicaCommand({ UserPoolId: Id, RegionName: 'ap-southeast-2' }))
      ids.push(Id)
    }
    const found: (string | undefined)[] = []
    let NextToken: string | undefined
    do {
      const page = await third.admin.send(new ListUserPoolsCommand({ MaxResults: 2, NextToken }))
      found.push(...(page.UserPools ?? []).map(({ Id }) => Id))
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    expect(found).toEqual(ids.sort())
  })

  it('UpdateUserPool sets in a secondary region what the region has of its own, and nothing else', async () => {
    const lambda = (name: string) => ({ PreSignUp: `arn:aws:lambda:us-east-1:000000000000:function:${name}` })
    await server.admin.send(
      new UpdateUserPoolCommand({ UserPoolId, MfaConfiguration: 'OFF', LambdaConfig: lambda('first') }),
    )
    await create(SECOND, { stage: 'two' })
    expect((await describePool(second))?.LambdaConfig).toEqual(lambda('first'))
    const change = (settings: object) => second.admin.send(new UpdateUserPoolCommand({ UserPoolId, ...settings }))
    await expectRefusal(
      change({ DeletionProtection: 'ACTIVE' }),
      'InvalidParameterException',
      'DeletionProtection must be as it is in the primary region us-east-1 of the user pool.',
    )
    await change({ LambdaConfig: lambda('second'), UserPoolTags: { stage: 'three' } })
    expect(await describePool(second)).toMatchObject({
      LambdaConfig: lambda('second'),
      UserPoolTags: { stage: 'three' },
    })
    expect(await describePool()).toMatchObject({ LambdaConfig: lambda('first'), UserPoolTags: {} })
    await promote(server, UserPoolId)
    expect((await describePool(second))?.LambdaConfig).toEqual(lambda('second'))
    expect((await describePool())?.LambdaConfig).toEqual(lambda('first'))
  })
})
