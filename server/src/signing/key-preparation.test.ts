import { describe, expect, it, vi } from 'vitest'
import { makePool, startTestServer } from '../../test/harness.ts'
import { postgresUrl } from '../../test/postgres.ts'
import { openDatabase } from '../database/open.ts'
import { createKeyPreparation } from './key-preparation.ts'

const prepare = (pools: string[]) => {
  const made: string[] = []
  const keys = { signingKey: async (pool: string, use: string) => void made.push(`${pool} ${use}`) }
  const userPools = { pool: async (id: string) => (pools.includes(id) ? { id } : undefined) }
  return { made, preparation: createKeyPreparation({ keys, userPools } as never) }
}
const stopped = () => false

describe('signing keys made ahead', () => {
  it('are made once for each new pool, one after another', async () => {
    const { made, preparation } = prepare(['a', 'b'])
    preparation.note('a')
    preparation.note('b')
    expect(made).toEqual([])
    await preparation.makeKeys(stopped)
    await preparation.makeKeys(stopped)
    expect(made).toEqual(['a access', 'a id', 'b access', 'b id'])
  })

  it('are not made for a deleted pool', async () => {
    const { made, preparation } = prepare([])
    preparation.note('gone')
    await preparation.makeKeys(stopped)
    expect(made).toEqual([])
  })

  it('are not made for pools of another server, and not after a stop', async () => {
    const one = prepare(['a'])
    const other = prepare(['a'])
    one.preparation.note('a')
    await other.preparation.makeKeys(stopped)
    expect(other.made).toEqual([])
    await one.preparation.makeKeys(() => one.made.length > 0)
    expect(one.made).toEqual(['a access'])
  })

  it('exist soon after CreateUserPool', async () => {
    const url = await postgresUrl()
    const server = await startTestServer({ env: { DATABASE_URL: url } })
    const database = await openDatabase({ engine: 'postgres', url, connections: 1 }, () => undefined)
    try {
      const { Id } = await makePool(server)
      const uses = database.db.selectFrom('signing_keys').select('use').where('user_pool_id', '=', Id).orderBy('use')
      const made = async () => expect((await uses.execute()).map(({ use }) => use)).toEqual(['access', 'id'])
      await vi.waitFor(made, { timeout: 20_000, interval: 100 })
    } finally {
      await database.close()
      await server.stop()
    }
  })
})
