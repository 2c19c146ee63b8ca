import { DescribeIdentityPoolCommand } from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIdentityPool, rawIdentityCall, useIdentityClient } from '../../../test/identity.ts'

describe('DescribeIdentityPool', () => {
  const server = useTestServer()
  const client = useIdentityClient(server)

  it('shows the three states of the classic flow', async () => {
    for (const AllowClassicFlow of [true, false, undefined]) {
      const { IdentityPoolId } = await makeIdentityPool(
        client,
        AllowClassicFlow === undefined ? {} : { AllowClassicFlow },
      )
      const { $metadata, ...pool } = await client.send(new DescribeIdentityPoolCommand({ IdentityPoolId }))
      expect(pool).toEqual({
        IdentityPoolId,
        IdentityPoolName: 'test',
        AllowUnauthenticatedIdentities: true,
        ...(AllowClassicFlow !== undefined && { AllowClassicFlow }),
      })
    }
  })

  it('refuses unknown pools and text that is not an id', async () => {
    const IdentityPoolId = 'us-east-1:11111111-1111-4111-8111-111111111111'
    await expectRefusal(
      client.send(new DescribeIdentityPoolCommand({ IdentityPoolId })),
      'ResourceNotFoundException',
      `IdentityPool '${IdentityPoolId}' not found.`,
    )
    await expectRefusal(
      client.send(new DescribeIdentityPoolCommand({ IdentityPoolId: 'us-east-1:X' })),
      'ValidationException',
      "1 validation error detected: Value 'us-east-1:X' at 'identityPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+:[0-9a-f-]+",
    )
  })

  it('refuses callers that do not sign', async () => {
    const answer = await rawIdentityCall(server, 'DescribeIdentityPool', {})
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
