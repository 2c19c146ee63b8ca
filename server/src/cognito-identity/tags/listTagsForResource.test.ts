import { ListTagsForResourceCommand } from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIdentityPool, poolArnOf, rawIdentityCall, useIdentityClient } from '../../../test/identity.ts'

describe.each(engines)('ListTagsForResource of identity pools on %s', (engine) => {
  const server = useTestServer({ engine })
  const client = useIdentityClient(server)
  const list = (ResourceArn: string) => client.send(new ListTagsForResourceCommand({ ResourceArn }))

  it('answers with an empty map when there are none', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    expect((await list(poolArnOf(server, IdentityPoolId))).Tags).toEqual({})
  })

  it('refuses unknown resources', () =>
    expectRefusal(
      list(poolArnOf(server, 'us-east-1:11111111-1111-4111-8111-111111111111')),
      'ResourceNotFoundException',
      /not found\.$/,
    ))

  it('refuses an ARN of another form', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    for (const id of [`${IdentityPoolId}\0`, '__proto__', IdentityPoolId.toUpperCase()]) {
      const arn = poolArnOf(server, id)
      await expectRefusal(list(arn), 'ResourceNotFoundException', `Resource ${arn} does not exist.`)
    }
  })

  it('refuses callers that do not sign', async () => {
    const answer = await rawIdentityCall(server, 'ListTagsForResource', {})
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
