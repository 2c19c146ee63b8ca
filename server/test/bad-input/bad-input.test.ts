// Bad input to every operation, generated from the contract: whatever is sent, the answer is one of oracle.ts, in time, and
// the server goes on. COGNOMEN_LONG=1 tries many more; COGNOMEN_SEED repeats a run.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cognitoIdpOperations } from '../../src/cognito-idp/table.ts'
import { type Engine, startTestServer, type TestServer } from '../harness.ts'
import { type Answer, call } from '../refusals/raw-request.ts'
import { arbitraryInput, goodInput, sites } from './arbitrary-input.ts'
import { bodyFaults, faultsFor } from './faults.ts'
import { describe as describeTree, replaceAt, type Tree } from './json-tree.ts'
import { judge, judgeTime } from './oracle.ts'
import { modelOf, plainInput } from './plain-input.ts'
import { makeSharedPools, type SharedPools, World } from './world.ts'

const LONG = process.env['COGNOMEN_LONG'] !== undefined
const SEED = Number(process.env['COGNOMEN_SEED'] ?? (LONG ? Date.now() % 2 ** 31 : 20_261_120))
/** Random inputs for each operation. PostgreSQL differs in what its types and texts take; a few are enough to see that. */
const RUNS: Record<Engine, number> = LONG ? { sqlite: 2000, postgres: 1000 } : { sqlite: 40, postgres: 10 }

const operations = cognitoIdpOperations.map(({ name }) => name)

// A request that was understood is one that the operation itself answered.
const understood = ({ json }: Answer): boolean =>
  json.__type !== 'SerializationException' && !/^\d+ validation errors? detected/.test(json.message ?? '')

describe.each<Engine>(['sqlite', 'postgres'])('%s', (engine) => {
  let server: TestServer
  let pools: SharedPools
  beforeAll(async () => {
    server = await startTestServer({ engine })
    pools = makeSharedPools(server)
  })
  afterAll(() => server?.stop())

  describe.each(operations)('%s', (operation) => {
    // Reading is the same for every engine, and large bodies for every operation: each gets some.
    test.runIf(engine === 'sqlite' || LONG)('bodies that are no input', async () => {
      const trial = new Trial(server, pools, operation)
      const good = await trial.world.textOf(plainInput(operation))
      const turn = operations.indexOf(operation)
      for (const [at, { name, large, body }] of bodyFaults(good).entries())
        if (LONG || !large || (at + turn) % 9 === 0) await trial.send(body(), name)
      await trial.end()
    })

    test.runIf(engine === 'sqlite' || LONG)('each member with each fault', async () => {
      const trial = new Trial(server, pools, operation)
      const input = plainInput(operation)
      for (const { path, shape } of sites(operation, input)) {
        const faults = faultsFor(shape)
        const some = LONG ? faults : faults.filter((_, at) => (at + path.length) % 3 === 0)
        for (const fault of some) await trial.sendTree(replaceAt(input, path, fault))
      }
      await trial.end()
    })

    test('anything', async () => {
      const trial = new Trial(server, pools, operation)
      const any = fc.oneof({ weight: 1, arbitrary: goodInput(operation) }, { weight: 4, arbitrary: arbitraryInput(operation) })
      const shown = any.map((tree) => ({ tree, [fc.toStringMethod]: () => describeTree(tree) }))
      await fc.assert(
        fc.asyncProperty(shown, ({ tree }) => trial.sendTree(tree)),
        { numRuns: RUNS[engine], seed: SEED, interruptAfterTimeLimit: LONG ? 300_000 : 20_000 },
      )
      await trial.end()
      // Faults alone would prove validation only.
      expect(trial.understood, `understood of ${trial.sent}`).toBeGreaterThan(0)
    })
  }, LONG ? 600_000 : 60_000)
})

const prototypes = [Object.prototype, Array.prototype, String.prototype, Function.prototype]
const untouched = prototypes.map((prototype) => Reflect.ownKeys(prototype).length)

/** Sends to one operation and judges each answer. */
class Trial {
  readonly world: World
  readonly #server: TestServer
  readonly #operation: string
  sent = 0
  understood = 0

  constructor(server: TestServer, pools: SharedPools, operation: string) {
    this.#server = server
    this.#operation = operation
    this.world = new World(server, pools, operation)
  }

  async sendTree(tree: Tree): Promise<void> {
    await this.send(Buffer.from(await this.world.textOf(tree)), describeTree(tree))
  }

  async send(body: Uint8Array, name: string): Promise<void> {
    const sign = modelOf(this.#operation).caller === 'signed'
    const once = (): Promise<Answer> => call(this.#server, this.#operation, body, { sign })
    const answer = await once()
    this.sent++
    if (understood(answer)) this.understood++
    try {
      if (judge(this.#operation, body, answer) === 'ok' && !/^(Describe|Get|List)/.test(this.#operation)) this.world.renew()
      await judgeTime(answer, once)
      // The server runs in this process.
      expect(prototypes.map((prototype) => Reflect.ownKeys(prototype).length)).toEqual(untouched)
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    } catch (error) {
      throw new Error(`${this.#operation} ${name} was answered ${answer.status} ${answer.text.slice(0, 500)}\n${(error as Error).message}`)
    }
  }

  /** The server still works. */
  async end(): Promise<void> {
    const { status, json } = await call(this.#server, 'ListUserPools', { MaxResults: 1 }, { sign: true })
    expect({ status, json }).toEqual({ status: 200, json: expect.objectContaining({ UserPools: expect.any(Array) }) })
  }
}
