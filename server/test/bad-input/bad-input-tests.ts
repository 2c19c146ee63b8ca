// Bad input to every operation of a service, generated from its contract: whatever is sent, the answer is one of oracle.ts,
// in time, and the server goes on.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness.ts'
import { arbitraryInput, goodInput, sites } from './arbitrary-input.ts'
import { describe as describeTree, RawForm, RawJson, replaceAt, type Tree } from './json-tree.ts'
import type { TestedService } from './services.ts'
import { LONG, SEED, Trial } from './trial.ts'
import { makeSharedPools, REPLICATED, type SharedPools } from './world.ts'

const RUNS = LONG ? 400 : 40
const POSTGRES_RUNS = LONG ? 200 : 5
const LIMIT_MS = LONG ? 600_000 : 60_000

// PostgreSQL takes no NUL in text, has integers of fixed sizes and indexes of limited width.
const texts: readonly Tree[] = [
  'a\0b',
  '\u0001\u001f\u007f\u0085',
  '\ufffe\uffff',
  '\u{10ffff}'.repeat(64),
  'é'.repeat(2048),
  'x'.repeat(100_000),
  "\\'; select 1; --",
]
const numbers: readonly Tree[] = [2 ** 31 - 1, -(2 ** 31), new RawJson('-0'), new RawJson('2147483648')]

/** All kinds of bad input to every operation of the service, on SQLite. */
export function describeBadInput(service: TestedService): void {
  const { contract, protocol, operations } = service
  const fewer = LONG ? 1 : service.fewer
  const { plainInput } = contract
  let server: TestServer
  let pools: SharedPools
  beforeAll(async () => {
    server = await startTestServer({ env: REPLICATED })
    pools = makeSharedPools(server)
  })
  afterAll(() => server?.stop())

  describe.each([...operations])('%s', (operation) => {
    // Large bodies are read the same way for every operation: each gets some.
    test(
      'bodies that are no input',
      async () => {
        const trial = new Trial(server, pools, service, operation)
        const good = await trial.world.textOf(plainInput(operation))
        const turn = operations.indexOf(operation)
        for (const [at, { name, large, sent }] of protocol.requestFaults(good).entries())
          if (LONG || (at + turn) % (large ? 9 * fewer : fewer) === 0) await trial.send(sent(), name)
        await trial.end()
      },
      LIMIT_MS,
    )

    test(
      'each member with each fault',
      async () => {
        const trial = new Trial(server, pools, service, operation)
        const input = plainInput(operation)
        const turn = operations.indexOf(operation)
        for (const [place, { path, shape }] of sites(contract, operation, input).entries()) {
          for (const [at, fault] of protocol.faultsFor(shape).entries()) {
            const every = (fault instanceof RawJson || fault instanceof RawForm) && fault.long ? 40 : 3 * fewer
            if (LONG || (at + place + turn) % every === 0) await trial.sendTree(replaceAt(input, path, fault))
          }
        }
        await trial.end()
      },
      LIMIT_MS,
    )

    test(
      'anything',
      async () => {
        const trial = new Trial(server, pools, service, operation)
        const any = fc.oneof(
          { weight: 1, arbitrary: goodInput(contract, operation) },
          { weight: 4, arbitrary: arbitraryInput(contract, protocol.faultsFor, operation) },
        )
        const shown = any.map((tree) => ({ tree, [fc.toStringMethod]: () => describeTree(tree) }))
        await fc.assert(
          fc.asyncProperty(shown, ({ tree }) => trial.sendTree(tree)),
          { numRuns: Math.ceil(RUNS / fewer), seed: SEED, interruptAfterTimeLimit: LONG ? 300_000 : 20_000 },
        )
        await trial.end()
        // Faults alone would prove validation only.
        expect(trial.understood, `understood of ${trial.sent}`).toBeGreaterThan(0)
      },
      LIMIT_MS,
    )
  })
}

/** Bad input where engines differ. What is sent must not show which engine there is. */
export function describeBadInputOnPostgres(service: TestedService): void {
  const { contract, protocol, operations } = service
  const fewer = LONG ? 1 : service.fewer
  const { plainInput } = contract
  let server: TestServer
  let pools: SharedPools
  beforeAll(async () => {
    server = await startTestServer({ engine: 'postgres', env: REPLICATED })
    pools = makeSharedPools(server)
  })
  afterAll(() => server?.stop())

  describe.each([...operations])('%s', (operation) => {
    test(
      'texts and numbers',
      async () => {
        const trial = new Trial(server, pools, service, operation)
        // Every text that the plainest and some other good inputs hold, and every number.
        const inputs = [
          plainInput(operation),
          ...fc.sample(goodInput(contract, operation), { numRuns: fewer > 1 ? 1 : 3, seed: SEED }),
        ]
        for (const [at, input] of inputs.entries()) {
          for (const { path, shape } of sites(contract, operation, input)) {
            const faults = shape.type === 'string' ? texts : shape.type === 'integer' ? numbers : []
            for (const fault of at === 0 ? faults : faults.slice(0, 1))
              await trial.sendTree(replaceAt(input, path, fault))
          }
        }
        await trial.end()
      },
      LIMIT_MS,
    )

    test(
      'anything',
      async () => {
        const trial = new Trial(server, pools, service, operation)
        const shown = arbitraryInput(contract, protocol.faultsFor, operation).map((tree) => ({
          tree,
          [fc.toStringMethod]: () => describeTree(tree),
        }))
        await fc.assert(
          fc.asyncProperty(shown, ({ tree }) => trial.sendTree(tree)),
          { numRuns: Math.ceil(POSTGRES_RUNS / fewer), seed: SEED, interruptAfterTimeLimit: LONG ? 300_000 : 20_000 },
        )
        await trial.end()
      },
      LIMIT_MS,
    )
  })
}
