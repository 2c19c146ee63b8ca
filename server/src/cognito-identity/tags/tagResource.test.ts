import {
  DescribeIdentityPoolCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIdentityPool, poolArnOf, rawIdentityCall, useIdentityClient } from '../../../test/identity.ts'

describe.each(engines)('TagResource of identity pools on %s', (engine) => {
  const server = useTestServer({ engine })
  const client = useIdentityClient(server)
  const tag = (ResourceArn: string, Tags: Record<string, string>) =>
    client.send(new TagResourceCommand({ ResourceArn, Tags }))

  it('adds tags and keeps the others', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client, { IdentityPoolTags: { stage: 'test', team: 'one' } })
    const { $metadata, ...answer } = await tag(poolArnOf(server, IdentityPoolId), { stage: 'live', cost: '' })
    expect(answer).toEqual({})
    const tags = { stage: 'live', team: 'one', cost: '' }
    const { IdentityPoolTags } = await client.send(new DescribeIdentityPoolCommand({ IdentityPoolId }))
    expect(IdentityPoolTags).toEqual(tags)
    const listed = await client.send(new ListTagsForResourceCommand({ ResourceArn: poolArnOf(server, IdentityPoolId) }))
    expect(listed.Tags).toEqual(tags)
  })

  it('loses none of several concurrent changes', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    const arn = poolArnOf(server, IdentityPoolId)
    await Promise.all(Array.from({ length: 10 }, (_, n) => tag(arn, { [`k${n}`]: 'v' })))
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn: arn }))
    expect(Object.keys(Tags ?? {})).toHaveLength(10)
  })

  it('refuses more than 50, and keys with the prefix aws:', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    const arn = poolArnOf(server, IdentityPoolId)
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 'v']))
    await expectRefusal(tag(arn, many), 'InvalidParameterException', 'A resource can not have more than 50 tags.')
    await expectRefusal(tag(arn, { 'aws:x': '' }), 'InvalidParameterException', /are reserved for system use\.$/)
  })

  it('refuses unknown resources', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    const arn = poolArnOf(server, IdentityPoolId)
    const missing = poolArnOf(server, 'us-east-1:11111111-1111-4111-8111-111111111111')
    for (const other of [missing, arn.replace(':us-east-1:', ':eu-west-1:'), arn.replace('identitypool', 'userpool')])
      await expectRefusal(tag(other, { a: 'b' }), 'ResourceNotFoundException', /(does not exist|not found)\.$/)
  })

  it('refuses callers that do not sign', async () => {
    const answer = await rawIdentityCall(server, 'TagResource', {})
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
