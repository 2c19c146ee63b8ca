// Bad input where engines differ: PostgreSQL takes no NUL in text, has integers of fixed sizes and indexes of limited width.
// What is sent must not show which engine there is. (Everything else is in bad-input.test.ts.)
import fc from 'fast-check'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { cognitoIdpOperations } from '../../src/cognito-idp/table.ts'
import { startTestServer, type TestServer } from '../harness.ts'
import { arbitraryInput, goodInput, sites } from './arbitrary-input.ts'
import { describe as describeTree, RawJson, replaceAt, type Tree } from './json-tree.ts'
import { plainInput } from './plain-input.ts'
import { LONG, SEED, Trial } from './trial.ts'
import { makeSharedPools, type SharedPools } from './world.ts'

const RUNS = LONG ? 1000 : 5
const LIMIT_MS = LONG ? 600_000 : 60_000

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

const operations = cognitoIdpOperations.map(({ name }) => name)

let server: TestServer
let pools: SharedPools
beforeAll(async () => {
  server = await startTestServer({ engine: 'postgres' })
  pools = makeSharedPools(server)
})
afterAll(() => server?.stop())

describe.each(operations)('%s', (operation) => {
  test(
    'texts and numbers',
    async () => {
      const trial = new Trial(server, pools, operation)
      // Every text that the plainest and three other good inputs hold, and every number.
      const inputs = [plainInput(operation), ...fc.sample(goodInput(operation), { numRuns: 3, seed: SEED })]
      for (const [at, input] of inputs.entries()) {
        for (const { path, shape } of sites(operation, input)) {
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
      const trial = new Trial(server, pools, operation)
      const shown = arbitraryInput(operation).map((tree) => ({ tree, [fc.toStringMethod]: () => describeTree(tree) }))
      await fc.assert(
        fc.asyncProperty(shown, ({ tree }) => trial.sendTree(tree)),
        { numRuns: RUNS, seed: SEED, interruptAfterTimeLimit: LONG ? 300_000 : 20_000 },
      )
      await trial.end()
    },
    LIMIT_MS,
  )
})
