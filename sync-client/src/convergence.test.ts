// Convergence of devices, against the service in memory. server/test has the same against a server.
import { expect, test } from 'vitest'
import { ADA, fakeService, POOL } from '../test/devices.ts'
import { simulate, type World } from '../test/simulator.ts'

const SEEDS = process.env['COGNOMEN_LONG'] ? 1_000 : 60

function worldInMemory(): World {
  const service = fakeService()
  return {
    fetch: service.fetch,
    options: { endpoint: 'http://service.test', identityPoolId: POOL, logins: ADA },
    now: () => service.now,
    advance: (ms) => {
      service.now += ms
    },
  }
}

test(`${SEEDS} seeds: devices agree, and nothing that was stored is missing`, { timeout: 900_000 }, async () => {
  const faults: Record<string, number> = {}
  for (let seed = 1; seed <= SEEDS; seed++)
    for (const [fault, times] of Object.entries(await simulate(seed, worldInMemory())))
      faults[fault] = (faults[fault] ?? 0) + times
  // Every fault happened.
  expect(Object.keys(faults).sort()).toEqual([
    'crash',
    'crash after',
    'crash before',
    'double',
    'late',
    'lost',
    'no answer',
  ])
})
