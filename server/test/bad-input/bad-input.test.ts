// Bad input to every operation, generated from the contract: whatever is sent, the answer is one of oracle.ts, in time, and
// the server goes on.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cognitoIdpOperations } from '../../src/cognito-idp/table.ts'
import { startTestServer, type TestServer } from '../harness.ts'
import { arbitraryInput, goodInput, sites } from './arbitrary-input.ts'
import { bodyFaults, faultsFor } from './faults.ts'
import { describe as describeTree, RawJson, replaceAt } from './json-tree.ts'
import { plainInput } from './plain-input.ts'
import { LONG, SEED, Trial } from './trial.ts'
import { makeSharedPools, type SharedPools } from './world.ts'

const RUNS = LONG ? 2000 : 40
const LIMIT_MS = LONG ? 600_000 : 60_000

const operations = cognitoIdpOperations.map(({ name }) => name)

let server: TestServer
let pools: SharedPools
beforeAll(async () => {
  server = await startTestServer()
  pools = makeSharedPools(server)
})
afterAll(() => server?.stop())

describe.each(operations)('%s', (operation) => {
  // Large bodies are read the same way for every operation: each gets some.
  test(
    'bodies that are no input',
    async () => {
      const trial = new Trial(server, pools, operation)
      const good = await trial.world.textOf(plainInput(operation))
      const turn = operations.indexOf(operation)
      for (const [at, { name, large, body }] of bodyFaults(good).entries())
        if (LONG || !large || (at + turn) % 9 === 0) await trial.send(body(), name)
      await trial.end()
    },
    LIMIT_MS,
  )

  test(
    'each member with each fault',
    async () => {
      const trial = new Trial(server, pools, operation)
      const input = plainInput(operation)
      const turn = operations.indexOf(operation)
      for (const [place, { path, shape }] of sites(operation, input).entries()) {
        for (const [at, fault] of faultsFor(shape).entries()) {
          const every = fault instanceof RawJson && fault.long ? 40 : 3
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
      const trial = new Trial(server, pools, operation)
      const any = fc.oneof(
        { weight: 1, arbitrary: goodInput(operation) },
        { weight: 4, arbitrary: arbitraryInput(operation) },
      )
      const shown = any.map((tree) => ({ tree, [fc.toStringMethod]: () => describeTree(tree) }))
      await fc.assert(
        fc.asyncProperty(shown, ({ tree }) => trial.sendTree(tree)),
        { numRuns: RUNS, seed: SEED, interruptAfterTimeLimit: LONG ? 300_000 : 20_000 },
      )
      await trial.end()
      // Faults alone would prove validation only.
      expect(trial.understood, `understood of ${trial.sent}`).toBeGreaterThan(0)
    },
    LIMIT_MS,
  )
})
