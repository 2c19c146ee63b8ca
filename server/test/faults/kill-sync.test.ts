// `kill -9` under a load of pushes to datasets: after each restart every push that was acknowledged is there, and the one that
// was under way is there as a whole or not at all.
import { expect, test } from 'vitest'
import { engines, startServer } from '../../../conformance/start-server.ts'
import { expectDatasetsKept, newSyncLedger, startSyncLoad, syncClientOf } from './sync-load.ts'

const ROUNDS = process.env['COGNOMEN_LONG'] ? 200 : 8

/** Sometimes in the first steps of the writers, sometimes well under way. */
const writesBeforeTheKill = (round: number): number => 1 + ((round * 23) % 90)

test.concurrent.each(engines)(
  `%s loses no push that was acknowledged in ${ROUNDS} kills`,
  async (engine) => {
    const server = await startServer({ engine, env: { PUBLIC_URL: 'http://cognomen.test' } })
    try {
      const ledger = await newSyncLedger(server)
      for (let round = 0; round < ROUNDS; round++) {
        // Each write is tried once, so that what it answers is about that one try.
        const writing = syncClientOf(server)
        const load = startSyncLoad(writing, ledger)
        await load.acknowledged(writesBeforeTheKill(round))
        load.expectLoss()
        expect(await server.kill()).toEqual({ code: null, signal: 'SIGKILL' })
        await load.ended
        expect(server.output()).not.toContain('"level":50')
        writing.destroy()

        await server.restart()
        const reading = syncClientOf(server, 5)
        await expectDatasetsKept(reading, ledger)
        reading.destroy()
      }
      expect(server.output()).not.toContain('"level":50')
      // A load that does nothing would prove nothing.
      for (const { name, pushes } of ledger.datasets) expect(pushes, name).toBeGreaterThan(ROUNDS)
      expect(ledger.datasets.some(({ deletions }) => deletions > 0)).toBe(true)
    } finally {
      await server.stop()
    }
  },
  ROUNDS * 10_000,
)
