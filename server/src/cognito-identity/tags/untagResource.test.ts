import { ListTagsForResourceCommand, UntagResourceCommand } from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIdentityPool, poolArnOf, rawIdentityCall, useIdentityClient } from '../../../test/identity.ts'

describe('UntagResource of identity pools', () => {
  const server = useTestServer()
  const client = useIdentityClient(server)
  const untag = (ResourceArn: string, ...TagKeys: string[]) =>
    client.send(new UntagResourceCommand({ ResourceArn, TagKeys }))

  it('removes tags by their keys, and ignores unknown keys', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client, { IdentityPoolTags: { one: '1', two: '2' } })
    const arn = poolArnOf(server, IdentityPoolId)
    await untag(arn, 'one', 'constructor')
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn: arn }))
    expect(Tags).toEqual({ two: '2' })
  })

  it('refuses unknown resources', () => {
    const arn = poolArnOf(server, 'us-east-1:11111111-1111-4111-8111-111111111111')
    return expectRefusal(untag(arn, 'a'), 'ResourceNotFoundException', /not found\.$/)
  })

  it('refuses callers that do not sign', async () => {
    const answer = await rawIdentityCall(server, 'UntagResource', {})
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
