import { GetIdentityPoolRolesCommand } from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { rawIdentityCall, useIdentityClient } from '../../../test/identity.ts'

// What it shows of roles that were set is in setIdentityPoolRoles.test.ts.
describe('GetIdentityPoolRoles', () => {
  const server = useTestServer()
  const client = useIdentityClient(server)

  it('refuses unknown pools', () => {
    const IdentityPoolId = 'us-east-1:11111111-1111-4111-8111-111111111111'
    return expectRefusal(
      client.send(new GetIdentityPoolRolesCommand({ IdentityPoolId })),
      'ResourceNotFoundException',
      `IdentityPool '${IdentityPoolId}' not found.`,
    )
  })

  it('refuses callers that do not sign', async () => {
    const answer = await rawIdentityCall(server, 'GetIdentityPoolRoles', {})
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
