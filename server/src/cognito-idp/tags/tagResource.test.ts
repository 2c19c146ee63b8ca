import {
  DescribeUserPoolCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('TagResource on %s', (engine) => {
  const server = useTestServer({ engine })
  const tag = (ResourceArn: string, Tags: Record<string, string>) =>
    server.admin.send(new TagResourceCommand({ ResourceArn, Tags }))
  const tagsOf = async (ResourceArn: string) =>
    (await server.admin.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags
  const some = (from: number, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${from + n}`, 'value']))

  it('adds tags, replaces values, keeps the others and the settings', async () => {
    const { Id, Arn = '' } = await makePool(server, { UserPoolTags: { stage: 'test', team: 'one' } })
    const { $metadata, ...answer } = await tag(Arn, { stage: 'live', cost: '' })
    expect($metadata.httpStatusCode).toBe(200)
    expect(answer).toEqual({})
    const tags = { stage: 'live', team: 'one', cost: '' }
    expect(await tagsOf(Arn)).toEqual(tags)
    const { UserPool } = await server.admin.send(new DescribeUserPoolCommand({ UserPoolId: Id }))
    expect(UserPool).toMatchObject({ Name: 'test', UserPoolTags: tags })
  })

  it('takes keys that are members of objects', async () => {
    const { Arn = '' } = await makePool(server)
    await tag(Arn, JSON.parse('{"__proto__":"a","constructor":"b"}'))
    expect(JSON.stringify(await tagsOf(Arn))).toBe('{"__proto__":"a","constructor":"b"}')
  })

  it('loses none of the tags of concurrent requests', async () => {
    const { Arn = '' } = await makePool(server)
    await Promise.all(Array.from({ length: 20 }, (_, n) => tag(Arn, some(n, 1))))
    expect(await tagsOf(Arn)).toEqual(some(0, 20))
  })

  it('refuses more than 50 in all', async () => {
    const { Arn = '' } = await makePool(server, { UserPoolTags: some(0, 49) })
    const text = 'A resource can not have more than 50 tags.'
    await expectRefusal(tag(Arn, some(49, 2)), 'InvalidParameterException', text)
    await tag(Arn, some(49, 1))
    await tag(Arn, { key0: 'again' })
    await expectRefusal(tag(Arn, { more: '' }), 'InvalidParameterException', text)
    expect(Object.keys((await tagsOf(Arn)) ?? {})).toHaveLength(50)
  })

  it('refuses keys of AWS, and keys and values that are too long', async () => {
    const { Arn = '' } = await makePool(server)
    for (const key of ['aws:stage', 'AWS:stage', 'aws:'])
      await expectRefusal(
        tag(Arn, { [key]: '' }),
        'InvalidParameterException',
        `Tag key '${key}' is not allowed: keys that begin with aws: are reserved for system use.`,
      )
    await expectRefusal(
      tag(Arn, { ['k'.repeat(129)]: '' }),
      'InvalidParameterException',
      /Map keys must satisfy constraint/,
    )
    await expectRefusal(
      tag(Arn, { k: 'v'.repeat(257) }),
      'InvalidParameterException',
      /length less than or equal to 256/,
    )
    await tag(Arn, { ['k'.repeat(128)]: 'v'.repeat(256), 'my aws:': '' })
  })

  it('refuses resources that are not here', async () => {
    const { Id, Arn = '' } = await makePool(server)
    const others = [
      Arn.replace(Id, 'us-east-1_nothere12'),
      Arn.replace(':us-east-1:', ':eu-west-1:'),
      Arn.replace(server.accountId, '111111111111'),
      Arn.replace(':aws:', ':aws-cn:').replace('arn:aws:', 'arn:aws-cn:'),
      Arn.replace('userpool/', 'identitypool/'),
      Arn.replace('userpool/', 'userpool/x/'),
      Arn.replace(':cognito-idp:', ':cognito-identity:'),
    ]
    for (const arn of others)
      await expectRefusal(tag(arn, { a: 'b' }), 'ResourceNotFoundException', /does not exist\.$/)
    expect(await tagsOf(Arn)).toEqual({})
  })

  it('refuses callers that do not sign', async () => {
    const { Arn = '' } = await makePool(server)
    const answer = await server.raw('TagResource', { ResourceArn: Arn, Tags: { a: 'b' } })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
    expect(await tagsOf(Arn)).toEqual({})
  })
})
