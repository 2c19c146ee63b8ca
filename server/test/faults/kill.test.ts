// `kill -9` under a write load, again and again: after each restart everything that was acknowledged is there. On SQLite
// the same data folder is opened anew; on PostgreSQL the database stays up and only the server dies.
import { expect, test } from 'vitest'
import { engines, startServer } from '../../../conformance/start-server.ts'
import { adminClient, makePool } from '../../../conformance/user-pool.ts'
import { expectEveryUserListed, expectNothingLost, FIXED_CODE, newLedger, startLoad } from './write-load.ts'

const ROUNDS = process.env['COGNOMEN_LONG'] ? 200 : 50

/** Sometimes in the first steps of the writers, sometimes well under way. */
const writesBeforeTheKill = (round: number): number => 1 + ((round * 7) % 24)

test.concurrent.each(engines)(
  `%s loses nothing that was acknowledged in ${ROUNDS} kills`,
  async (engine) => {
    // The issuer must not change with the port, or tokens would end for that reason alone.
    // All sign-ups of the load are in one pool.
    const EMAIL_BUDGETS = 'pool 0/hour 0/day'
    const env = { PUBLIC_URL: 'http://cognomen.test', COGNOMEN_DEV_CODE: FIXED_CODE, EMAIL_BUDGETS }
    const server = await startServer({ engine, env })
    try {
      let sdk = adminClient(server)
      const pool = await makePool(sdk)
      const ledger = await newLedger({ ...pool, sdk })
      for (let round = 0; round < ROUNDS; round++) {
        // Each write is tried once, so that what it answers is about that one try.
        const writer = adminClient(server)
        const load = startLoad({ ...pool, sdk: writer }, ledger)
        await load.acknowledged(writesBeforeTheKill(round))
        load.expectLoss()
        expect(await server.kill()).toEqual({ code: null, signal: 'SIGKILL' })
        await load.ended
        expect(server.output()).not.toContain('"level":50')
        for (const client of [writer, sdk]) client.destroy()

        await server.restart()
        sdk = adminClient(server, { maxAttempts: 5 })
        await expectNothingLost({ ...pool, sdk }, ledger)
      }
      await expectEveryUserListed({ ...pool, sdk }, ledger)
      sdk.destroy()
      expect(server.output()).not.toContain('"level":50')
      // A load that does nothing would prove nothing.
      for (const [what, count] of Object.entries(ledger.counts)) expect(count, what).toBeGreaterThan(ROUNDS / 2)
    } finally {
      await server.stop()
    }
  },
  ROUNDS * 10_000,
)
