import { DeleteIdentityPoolCommand } from '@aws-sdk/client-cognito-identity'
import { describe, expect, it, vi } from 'vitest'
import { engines, startTestServer } from '../../../test/harness.ts'
import { makeIdentityWorld } from '../../../test/identity-world.ts'
import { useParts } from '../../../test/parts.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { runDue } from '../../../test/queue-runs.ts'
import { analyze, plansOf, readsInOrder } from '../../../test/statement-plans.ts'
import { openDatabase } from '../../database/open.ts'
import { REMOVAL_DELAY_MS } from '../../jobs/removal-rules.ts'
import { deleteIdentityPool, insertIdentityPool } from '../identity-pools/pool-store.ts'
import { insertIdentity, listIdentities } from './identity-store.ts'
import { identityPoolRemovals } from './pool-removal.ts'
import { IDENTITY_POOL_REMOVAL } from './removal-rules.ts'

describe.each(engines)('the removal of a deleted identity pool on %s', (engine) => {
  const parts = useParts(engine)
  const rows = async (pool: string) => {
    const count = async (table: 'identities' | 'identity_logins') =>
      (await parts.db.selectFrom(table).select('identity_id').where('identity_pool_id', '=', pool).execute()).length
    return [await count('identities'), await count('identity_logins')]
  }
  const removals = async () =>
    (await parts.db.selectFrom('jobs').select('id').where('queue', '=', IDENTITY_POOL_REMOVAL).execute()).length
  const run = (steps?: number) => runDue(parts, identityPoolRemovals(parts), steps)
  const makePool = async (id: string, identities: number) => {
    const settings = { IdentityPoolName: 'x', AllowUnauthenticatedIdentities: true }
    await insertIdentityPool(parts.db, { id, region: 'us-east-1', settings, createdAt: 1, updatedAt: 1, version: 1 })
    for (let i = 0; i < identities; i++) {
      const logins = [{ provider: 'p', subject: String(i) }]
      await insertIdentity(parts.db, { id: `${id}-${i}`, poolId: id, logins }, 1)
    }
  }

  it('removes its identities and logins only, after the grace period and in steps', async () => {
    await makePool('gone', 450)
    await makePool('kept', 3)
    await deleteIdentityPool(parts.db, 'gone', parts.clock.now())
    await run()
    expect(await rows('gone')).toEqual([450, 450])
    parts.clock.advance(REMOVAL_DELAY_MS)
    await run(1)
    expect(await rows('gone')).toEqual([250, 250])
    expect(await removals()).toBe(1)
    await run()
    expect(await rows('gone')).toEqual([0, 0])
    expect(await rows('kept')).toEqual([3, 3])
    expect(await removals()).toBe(0)
  })

  it('removes disabled identities, and those created while it runs', async () => {
    await makePool('merged', 450)
    const disabled = [...Array(250).keys()].map((i) => `merged-${i}`)
    await parts.db.updateTable('identities').set({ disabled: 1 }).where('identity_id', 'in', disabled).execute()
    await deleteIdentityPool(parts.db, 'merged', parts.clock.now())
    parts.clock.advance(REMOVAL_DELAY_MS)
    await run(2)
    expect((await rows('merged'))[0]).toBe(50)
    await insertIdentity(parts.db, { id: 'merged-', poolId: 'merged', logins: [] }, 1)
    await run()
    expect(await rows('merged')).toEqual([0, 0])
  })

  it('reads the identities of each step by an index, in its order', async () => {
    await makePool('many', 300)
    await analyze(parts.database)
    const after = { disabled: false, id: 'many-1' }
    const plans = await plansOf(parts.database, (db) =>
      listIdentities(db, 'many', { hideDisabled: false, after, limit: 10 }),
    )
    expect(plans.map(readsInOrder)).toEqual([true])
  })
})

describe('after DeleteIdentityPool', () => {
  it('the server removes everything by itself', async () => {
    const url = await postgresUrl()
    const server = await startTestServer({ env: { DATABASE_URL: url } })
    const database = await openDatabase({ engine: 'postgres', url, connections: 1 }, () => undefined)
    const world = await makeIdentityWorld(server)
    try {
      await world.getId(await world.loginsOf('ada'))
      await world.getId()
      const rows = async () => (await database.db.selectFrom('identities').select('identity_id').execute()).length
      expect(await rows()).toBe(2)
      await world.admin.send(new DeleteIdentityPoolCommand({ IdentityPoolId: world.poolId }))
      server.clock.advance(REMOVAL_DELAY_MS)
      await vi.waitFor(async () => expect(await rows()).toBe(0), { timeout: 20_000, interval: 200 })
      expect(await database.db.selectFrom('identity_logins').select('identity_id').execute()).toEqual([])
    } finally {
      world.close()
      await database.close()
      await server.stop()
    }
  })
})
