import { GetPrincipalTagAttributeMapCommand } from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIdentityPool, rawIdentityCall, useIdentityClient } from '../../../test/identity.ts'

// Maps that were set are in setPrincipalTagAttributeMap.test.ts.
describe('GetPrincipalTagAttributeMap', () => {
  const server = useTestServer()
  const client = useIdentityClient(server)

  it('shows an empty map for a provider without one', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    const { $metadata, ...map } = await client.send(
      new GetPrincipalTagAttributeMapCommand({ IdentityPoolId, IdentityProviderName: 'accounts.google.com' }),
    )
    expect(map).toEqual({
      IdentityPoolId,
      IdentityProviderName: 'accounts.google.com',
      UseDefaults: false,
      PrincipalTags: {},
    })
  })

  it('refuses unknown pools', () => {
    const IdentityPoolId = 'us-east-1:11111111-1111-4111-8111-111111111111'
    return expectRefusal(
      client.send(new GetPrincipalTagAttributeMapCommand({ IdentityPoolId, IdentityProviderName: 'x' })),
      'ResourceNotFoundException',
      `IdentityPool '${IdentityPoolId}' not found.`,
    )
  })

  it('refuses callers that do not sign', async () => {
    const answer = await rawIdentityCall(server, 'GetPrincipalTagAttributeMap', {})
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
