import { ListTagsForResourceCommand, UntagResourceCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('UntagResource on %s', (engine) => {
  const server = useTestServer({ engine })
  const untag = (ResourceArn: string, ...TagKeys: string[]) =>
    server.admin.send(new UntagResourceCommand({ ResourceArn, TagKeys }))
  const tagsOf = async (ResourceArn: string) =>
    (await server.admin.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags

  it('removes tags by their keys, and does not mind keys that are not there', async () => {
    const { Arn = '' } = await makePool(server, { UserPoolTags: { one: '1', two: '2', three: '3' } })
    const { $metadata, ...answer } = await untag(Arn, 'one', 'three', 'four', 'constructor')
    expect($metadata.httpStatusCode).toBe(200)
    expect(answer).toEqual({})
    expect(await tagsOf(Arn)).toEqual({ two: '2' })
    await untag(Arn, 'two')
    expect(await tagsOf(Arn)).toEqual({})
  })

  it('refuses resources that are not here', async () => {
    const { Id, Arn = '' } = await makePool(server)
    await expectRefusal(
      untag(Arn.replace(Id, 'us-east-1_nothere12'), 'x'),
      'ResourceNotFoundException',
      'User pool us-east-1_nothere12 does not exist.',
    )
    const foreign = Arn.replace(server.accountId, '111111111111')
    await expectRefusal(untag(foreign, 'x'), 'ResourceNotFoundException', `Resource ${foreign} does not exist.`)
  })

  it('refuses callers that do not sign', async () => {
    const { Arn = '' } = await makePool(server, { UserPoolTags: { one: '1' } })
    const answer = await server.raw('UntagResource', { ResourceArn: Arn, TagKeys: ['one'] })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
    expect(await tagsOf(Arn)).toEqual({ one: '1' })
  })
})
