// `kill -9` under a load of writes to IAM and identity pools: after each restart everything that was acknowledged is there,
// and nothing is there by half.
import { expect, test } from 'vitest'
import { engines, startServer } from '../../../conformance/start-server.ts'
import { clientsOf, expectAccountKept, expectListsWhole, newAccountLedger, startAccountLoad } from './account-load.ts'

const ROUNDS = process.env['COGNOMEN_LONG'] ? 200 : 8

/** Sometimes in the first steps of the writers, sometimes well under way. */
const writesBeforeTheKill = (round: number): number => 1 + ((round * 11) % 40)

test.concurrent.each(engines)(
  `%s loses nothing of an account that was acknowledged in ${ROUNDS} kills`,
  async (engine) => {
    const server = await startServer({ engine, env: { PUBLIC_URL: 'http://cognomen.test' } })
    try {
      let clients = clientsOf(server)
      const ledger = await newAccountLedger(clients)
      for (let round = 0; round < ROUNDS; round++) {
        // Each write is tried once, so that what it answers is about that one try.
        const writing = clientsOf(server)
        const load = startAccountLoad(writing, ledger)
        await load.acknowledged(writesBeforeTheKill(round))
        load.expectLoss()
        expect(await server.kill()).toEqual({ code: null, signal: 'SIGKILL' })
        await load.ended
        expect(server.output()).not.toContain('"level":50')
        for (const each of [writing, clients]) each.destroy()

        await server.restart()
        clients = clientsOf(server, 5)
        await expectAccountKept(clients, ledger)
      }
      await expectListsWhole(clients, ledger)
      clients.destroy()
      expect(server.output()).not.toContain('"level":50')
      // A load that does nothing would prove nothing.
      for (const [what, count] of Object.entries(ledger.counts)) expect(count, what).toBeGreaterThan(ROUNDS / 2)
    } finally {
      await server.stop()
    }
  },
  ROUNDS * 15_000,
)
