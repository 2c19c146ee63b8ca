import {
  CreateIdentityProviderCommand,
  DescribeIdentityProviderCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import { GOOGLE } from '../../../test/upstream-providers.ts'
import { findProvider, insertProvider, providerRow } from './provider-store.ts'

describe('DescribeIdentityProvider', () => {
  const server = useTestServer()
  const at = usePool(server)

  const show = (ProviderName: string, UserPoolId = at.poolId) =>
    server.admin.send(new DescribeIdentityProviderCommand({ UserPoolId, ProviderName }))

  it('shows the provider with its secret', async () => {
    const input = { UserPoolId: at.poolId, ...GOOGLE, IdpIdentifiers: ['one', 'two'] }
    const { IdentityProvider } = await server.admin.send(new CreateIdentityProviderCommand(input))
    const shown = (await show('Google')).IdentityProvider
    expect(shown).toEqual(IdentityProvider)
    expect(shown?.ProviderDetails?.['client_secret']).toBe('google-secret')
    expect(shown?.IdpIdentifiers).toEqual(['one', 'two'])
  })

  it('ResourceNotFoundException for an unknown provider, and for one of another pool', async () => {
    const message = (name: string) => `Identity provider ${name} does not exist.`
    await expectRefusal(show('google'), 'ResourceNotFoundException', message('google'))
    await expectRefusal(show('Google', (await makePool(server)).Id), 'ResourceNotFoundException', message('Google'))
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('DescribeIdentityProvider', { UserPoolId: at.poolId, ProviderName: 'Google' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})

describe('a stored provider', () => {
  const parts = useParts('sqlite')

  it('has its secrets sealed, and for its own row alone', async () => {
    const provider = {
      name: 'Google',
      userPoolId: 'us-east-1_one',
      type: 'Google',
      details: { client_id: 'public-id' },
      mapping: { username: 'sub' },
      identifiers: [],
      acrMapping: undefined,
      discovered: undefined,
      readAt: undefined,
      secrets: { client_secret: 'canary-secret' },
      document: '',
      createdAt: 1,
      updatedAt: 1,
      version: 1,
    } as const
    const row = providerRow(parts.sealer, provider)
    expect(JSON.stringify(row)).toContain('public-id')
    expect(JSON.stringify(row)).not.toContain('canary-secret')
    await insertProvider(parts.db, row)
    expect(await findProvider(parts.db, parts.sealer, 'us-east-1_one', 'Google')).toMatchObject({
      secrets: { client_secret: 'canary-secret' },
    })
    await insertProvider(parts.db, { ...row, user_pool_id: 'us-east-1_two' })
    await expect(findProvider(parts.db, parts.sealer, 'us-east-1_two', 'Google')).rejects.toThrow(/do not open/)
  })
})
