import {
  DeleteIdentityPoolCommand,
  DescribeIdentityPoolCommand,
  ListIdentityPoolsCommand,
} from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIdentityPool, rawIdentityCall, useIdentityClient } from '../../../test/identity.ts'

describe.each(engines)('DeleteIdentityPool on %s', (engine) => {
  const server = useTestServer({ engine })
  const client = useIdentityClient(server)

  it('makes the pool unknown to every operation at once', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    const { $metadata, ...answer } = await client.send(new DeleteIdentityPoolCommand({ IdentityPoolId }))
    expect(answer).toEqual({})
    for (const call of [
      new DescribeIdentityPoolCommand({ IdentityPoolId }),
      new DeleteIdentityPoolCommand({ IdentityPoolId }),
    ])
      await expectRefusal(
        client.send(call as DescribeIdentityPoolCommand),
        'ResourceNotFoundException',
        `IdentityPool '${IdentityPoolId}' not found.`,
      )
    const { json } = await rawIdentityCall(server, 'GetId', { IdentityPoolId })
    expect(json.message).toBe(`IdentityPool '${IdentityPoolId}' not found.`)
    const { IdentityPools = [] } = await client.send(new ListIdentityPoolsCommand({ MaxResults: 60 }))
    expect(IdentityPools.map((pool) => pool.IdentityPoolId)).not.toContain(IdentityPoolId)
  })

  it('refuses callers that do not sign', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    const answer = await rawIdentityCall(server, 'DeleteIdentityPool', { IdentityPoolId })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
    await client.send(new DescribeIdentityPoolCommand({ IdentityPoolId }))
  })
})
