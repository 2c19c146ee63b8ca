// Concurrent writes to an app client: another write comes between what an operation reads and what it writes.
import { beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { useParts, withRival } from '../../../test/parts.ts'
import { fail } from '../../operation.ts'
import { newPoolSettings } from '../user-pools/new-pool-settings.ts'
import { insertPool } from '../user-pools/pool-store.ts'
import { newClientSecret } from './client-secret-rules.ts'
import { countClients, findClient, insertClient, replaceClient, type UserPoolClient } from './client-store.ts'
import { deleteUserPoolClientSecret } from './deleteUserPoolClientSecret.ts'
import { newClientSettings } from './new-client-settings.ts'
import { updateUserPoolClient } from './updateUserPoolClient.ts'

describe.each(engines)('a write to an app client on %s', (engine) => {
  const parts = useParts(engine)
  const names = { UserPoolId: 'us-east-1_rivals', ClientId: 'rivals' }
  const secrets = [newClientSecret('rivals', 'one', 1), newClientSecret('rivals', 'two', 2)]

  beforeEach(async () => {
    await parts.db.deleteFrom('user_pools').execute()
    await parts.db.deleteFrom('user_pool_clients').execute()
    const times = { createdAt: 1, updatedAt: 1, version: 1 }
    const settings = newPoolSettings({ PoolName: 'x' }, 'us-east-1')
    await insertPool(parts.db, { id: names.UserPoolId, region: 'us-east-1', settings, ...times })
    const client = { clientId: names.ClientId, userPoolId: names.UserPoolId, settings: newClientSettings('first', {}) }
    await insertClient(parts.db, parts.sealer, { ...client, secrets, ...times })
  })

  const stored = async () => (await findClient(parts.db, parts.sealer, names.ClientId)) as UserPoolClient
  const run = (operation: { run: unknown }, context: unknown, input: object) =>
    (operation.run as (context: unknown, request: unknown) => Promise<unknown>)(context, { input, fail })

  it('of UpdateUserPoolClient fails with ConcurrentModificationException after a conflict, and the other write is kept', async () => {
    const before = await stored()
    const change = { settings: newClientSettings('rival', {}) }
    const context = withRival(parts, () => replaceClient(parts.db, parts.sealer, before, change, 2))
    await expect(run(updateUserPoolClient, context, { ...names, ClientName: 'mine' })).rejects.toMatchObject({
      name: 'ConcurrentModificationException',
      message: 'User pool client rivals is being changed by another request.',
    })
    expect(await context.rival()).toBe(true)
    expect((await stored()).settings.ClientName).toBe('rival')
  })

  it('of a secret is retried after a conflict, and sees that the other secret was deleted', async () => {
    const before = await stored()
    const context = withRival(parts, () =>
      replaceClient(parts.db, parts.sealer, before, { secrets: secrets.slice(0, 1) }, 2),
    )
    const input = { ...names, ClientSecretId: 'rivals--1' }
    await expect(run(deleteUserPoolClientSecret, context, input)).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
    expect(await context.rival()).toBe(true)
    expect((await stored()).secrets.map((secret) => secret.value)).toEqual(['one'])
  })

  it('of settings keeps the secrets, and the other way round', async () => {
    const { db, sealer } = parts
    await replaceClient(db, sealer, await stored(), { settings: newClientSettings('second', {}) }, 2)
    await replaceClient(db, sealer, await stored(), { secrets: secrets.slice(1) }, 3)
    expect(await stored()).toMatchObject({ settings: { ClientName: 'second' }, secrets: secrets.slice(1), version: 3 })
  })

  it('counts the clients of a pool no further than asked', async () => {
    const client = await stored()
    await insertClient(parts.db, parts.sealer, { ...client, clientId: 'second' })
    await insertClient(parts.db, parts.sealer, { ...client, clientId: 'third', userPoolId: 'us-east-1_other' })
    expect(await countClients(parts.db, names.UserPoolId, 1000)).toBe(2)
    expect(await countClients(parts.db, names.UserPoolId, 1)).toBe(1)
  })
})
