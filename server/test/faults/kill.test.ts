// `kill -9` under a write load, again and again: after each restart everything that was acknowledged is there. On SQLite
// the same data folder is opened anew; on PostgreSQL the database stays up and only the server dies.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { engines, type StartedServer, startServer } from '../../../conformance/start-server.ts'
import { adminClient, makePool } from '../../../conformance/user-pool.ts'
import { expectEveryUserListed, expectNothingLost, FIXED_CODE, newLedger, startLoad } from './write-load.ts'

const ROUNDS = process.env['COGNOMEN_LONG'] ? 200 : 50

let server: StartedServer | undefined
afterEach(() => server?.stop())

describe.each(engines)('%s', (engine) => {
  test(`loses nothing that was acknowledged in ${ROUNDS} kills`, { timeout: ROUNDS * 10_000 }, async () => {
    // The issuer must not change with the port, or tokens would end for that reason alone.
    const env = { PUBLIC_URL: 'http://cognomen.test', COGNOMEN_DEV_CODE: FIXED_CODE }
    server = await startServer({ engine, env })
    const ledger = newLedger()
    let sdk = adminClient(server)
    const pool = await makePool(sdk)
    for (let round = 0; round < ROUNDS; round++) {
      const load = startLoad({ ...pool, sdk }, ledger)
      await Promise.race([sleep(100 + ((round * 37) % 150)), load.ended])
      load.expectLoss()
      expect(await server.kill()).toEqual({ code: null, signal: 'SIGKILL' })
      await load.ended
      expect(server.output()).not.toContain('"level":50')
      sdk.destroy()

      await server.restart()
      sdk = adminClient(server)
      await expectNothingLost({ ...pool, sdk }, ledger)
    }
    await expectEveryUserListed({ ...pool, sdk }, ledger)
    sdk.destroy()
    expect(server.output()).not.toContain('"level":50')
    // A load that does nothing would prove nothing.
    for (const count of Object.values(ledger.counts)) expect(count).toBeGreaterThan(ROUNDS / 2)
  })
})
