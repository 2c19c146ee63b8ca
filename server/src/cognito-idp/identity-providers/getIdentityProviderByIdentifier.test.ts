import {
  CreateIdentityProviderCommand,
  GetIdentityProviderByIdentifierCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { GOOGLE } from '../../../test/upstream-providers.ts'

describe('GetIdentityProviderByIdentifier', () => {
  const server = useTestServer()
  const at = usePool(server)

  const find = (IdpIdentifier: string, UserPoolId = at.poolId) =>
    server.admin.send(new GetIdentityProviderByIdentifierCommand({ UserPoolId, IdpIdentifier }))

  it('shows the provider that has the identifier', async () => {
    const IdpIdentifiers = ['example.com', 'x'.repeat(40)]
    const { IdentityProvider } = await server.admin.send(
      new CreateIdentityProviderCommand({ UserPoolId: at.poolId, ...GOOGLE, IdpIdentifiers }),
    )
    for (const identifier of IdpIdentifiers) expect((await find(identifier)).IdentityProvider).toEqual(IdentityProvider)
  })

  it('ResourceNotFoundException for an unknown identifier, one of another pool, and the name of a provider', async () => {
    for (const identifier of ['unknown', 'Example.com', 'Google'])
      await expectRefusal(
        find(identifier),
        'ResourceNotFoundException',
        `Identity provider ${identifier} does not exist.`,
      )
    await expectRefusal(find('example.com', (await makePool(server)).Id), 'ResourceNotFoundException')
  })

  it('refuses an unsigned call', async () => {
    const input = { UserPoolId: at.poolId, IdpIdentifier: 'example.com' }
    const { json } = await server.raw('GetIdentityProviderByIdentifier', input)
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
