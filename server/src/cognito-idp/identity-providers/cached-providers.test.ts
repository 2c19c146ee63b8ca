// What the doors read of identity providers and resource servers: the cache of user pools.
import { beforeEach, describe, expect, it } from 'vitest'
import { statementsOf } from '../../../test/executed-statements.ts'
import { engines } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import { insertResourceServer } from '../resource-servers/resource-server-store.ts'
import { deleteProvider, type IdentityProvider, insertProvider, providerRow } from './provider-store.ts'

describe.each(engines)('cached names of a pool on %s', (engine) => {
  const parts = useParts(engine)
  const POOL = 'us-east-1_cached'
  const provider: IdentityProvider = {
    name: 'Google',
    userPoolId: POOL,
    type: 'Google',
    details: { client_id: 'id' },
    mapping: { username: 'sub' },
    identifiers: ['example.com'],
    acrMapping: undefined,
    discovered: undefined,
    readAt: undefined,
    secrets: { client_secret: 'secret' },
    document: '',
    createdAt: 1,
    updatedAt: 1,
    version: 1,
  }

  beforeEach(async () => {
    await parts.db.deleteFrom('identity_providers').execute()
    await parts.db.deleteFrom('resource_servers').execute()
    parts.userPools.forget(POOL)
    parts.userPools.forgetProvider(POOL, 'Google')
  })

  const read = async () => ({
    list: (await parts.userPools.identityProviders(POOL)).map(({ name, identifiers }) => ({ name, identifiers })),
    secret: (await parts.userPools.identityProvider(POOL, 'Google'))?.secrets,
    scopes: [...(await parts.userPools.customScopes(POOL))],
  })

  it('are read once, and anew when they were forgotten', async () => {
    await insertProvider(parts.db, providerRow(parts.sealer, provider))
    const scopes = [{ name: 'read', description: '' }]
    await insertResourceServer(parts.db, { identifier: 'api', userPoolId: POOL, name: 'API', scopes })
    const found = {
      list: [{ name: 'Google', identifiers: ['example.com'] }],
      secret: { client_secret: 'secret' },
      scopes: ['api/read'],
    }
    expect(await read()).toEqual(found)
    parts.clock.freeze()
    try {
      expect(await statementsOf(read)).toEqual([])
    } finally {
      parts.clock.thaw()
    }
    await deleteProvider(parts.db, provider)
    parts.userPools.forgetProvider(POOL, 'Google')
    expect(await read()).toEqual({ ...found, list: [], secret: undefined })
  })

  it.each(['unknown', '', 'a\u0000b', '__proto__', 'x'.repeat(10_000)])(
    'are none for the provider %j',
    async (name) => {
      expect(await parts.userPools.identityProvider(POOL, name)).toBeUndefined()
    },
  )

  it('are none of another pool', async () => {
    await insertProvider(parts.db, providerRow(parts.sealer, provider))
    expect(await parts.userPools.identityProvider('us-east-1_other', 'Google')).toBeUndefined()
    expect(await parts.userPools.identityProviders('us-east-1_other')).toEqual([])
    expect([...(await parts.userPools.customScopes('us-east-1_other'))]).toEqual([])
  })
})
