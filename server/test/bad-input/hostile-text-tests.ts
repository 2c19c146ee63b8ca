// Long texts that make backtracking expressions and quadratic loops go on and on, in every text of every operation: the
// answer takes as little work as ever (docs/reference/threats.md 48). The contract's own patterns have their test beside the
// generator; here is all that stands behind them as well.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { matches, type StringShape } from '../../src/contract/service-model.ts'
import { startTestServer, type TestServer } from '../harness.ts'
import { call } from '../refusals/raw-request.ts'
import { goodInput, sites } from './arbitrary-input.ts'
import { describe as describeTree, replaceAt, type Tree } from './json-tree.ts'
import type { TestedService } from './services.ts'
import { LONG, SEED } from './trial.ts'
import { makeSharedPools, REPLICATED, type SharedPools, World } from './world.ts'

/** CPU time in milliseconds: far above what any takes, far below the seconds that a quadratic one would. */
const MAX_WORK = 200
const LENGTH = 64 * 1024

const pieces = [
  'a',
  '@',
  '.',
  '-',
  ' ',
  '1',
  '/',
  '%',
  '{#',
  '\\',
  '"',
  'a@',
  'a.',
  'a-',
  '+1',
  '://',
  '{####}',
  'é',
  '😀',
  'İ',
]
const tails = ['', '!', '@', '\0']

/** Too long for most members, and as long as this one may be, where such a text keeps its constraints. */
function hostileTexts(shape: StringShape): string[] {
  const run = (piece: string, length: number, tail: string): string =>
    [...piece.repeat(Math.ceil(length / [...piece].length))].slice(0, length - tail.length).join('') + tail
  const longest = Math.min(shape.max ?? LENGTH, LENGTH)
  const fitting = pieces
    .flatMap((piece) => tails.map((tail) => run(piece, longest, tail)))
    .filter((text) => matches(shape, text))
  const some = LONG ? fitting : fitting.filter((_, at) => at % 16 === 0)
  const tooLong = LONG ? pieces : pieces.filter((_, at) => at % 10 === 0)
  return [...some, ...tooLong.map((piece) => run(piece, LENGTH, '!'))]
}

/** Hostile texts in every text of every operation of the service. */
export function describeHostileTexts(service: TestedService): void {
  const { contract, operations } = service
  const { model, plainInput } = contract
  const share = LONG ? 1 : service.fewer
  let server: TestServer
  let pools: SharedPools
  beforeAll(async () => {
    server = await startTestServer({ env: REPLICATED })
    pools = makeSharedPools(server)
  })
  afterAll(() => server?.stop())

  describe.each([...operations])('%s', (operation) => {
    test('answers hostile texts with little work', { timeout: LONG ? 600_000 : 60_000 }, async () => {
      const world = new World(server, pools, service, operation)
      const sign = await world.signer()
      const spent = async (body: string): Promise<number> => (await call(server, operation, body, { sign, model })).work
      const inputs = [
        plainInput(operation),
        ...fc.sample(goodInput(contract, operation), { numRuns: LONG ? 20 : 1, seed: SEED }),
      ]
      for (const input of inputs) {
        for (const { path, shape } of sites(contract, operation, input)) {
          if (shape.type !== 'string' || shape.enum) continue
          for (const [at, text] of hostileTexts(shape).entries()) {
            if ((at + path.length + operation.length) % share !== 0) continue
            const tree: Tree = replaceAt(input, path, text)
            const body = await world.textOf(tree)
            // Again only when it was much: a collection of garbage or a job beside it is not the text's.
            let least = await spent(body)
            for (let again = 0; again < 4 && least >= MAX_WORK; again++) least = Math.min(least, await spent(body))
            expect(least, `${operation} ${describeTree(tree)}`).toBeLessThan(MAX_WORK)
          }
        }
      }
      await world.renew()
    })
  })
}
