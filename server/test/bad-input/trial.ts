// Sends to one operation, well signed where that is needed, and judges each answer by oracle.ts.
import { expect } from 'vitest'
import type { TestServer } from '../harness.ts'
import { type Answer, call } from '../refusals/raw-request.ts'
import type { Sent } from './faults.ts'
import { describe, type Tree } from './json-tree.ts'
import { judge, judgeTime } from './oracle.ts'
import type { TestedService } from './services.ts'
import { type SharedPools, World } from './world.ts'

/** COGNOMEN_LONG=1 tries much more, from another seed each time. */
export const LONG = process.env['COGNOMEN_LONG'] !== undefined
/** COGNOMEN_SEED repeats a run. */
export const SEED = Number(process.env['COGNOMEN_SEED'] ?? (LONG ? Date.now() % 2 ** 31 : 20_261_120))

// A request was understood when the operation itself answered it.
const understood = ({ protocol }: TestedService, { json }: Answer): boolean =>
  !protocol.unread.includes(json.__type ?? '') && !/^\d+ validation errors? detected/.test(json.message ?? '')

const prototypes = [Object.prototype, Array.prototype, String.prototype, Function.prototype]
const untouched = prototypes.map((prototype) => Reflect.ownKeys(prototype).length)

export class Trial {
  readonly world: World
  readonly #server: TestServer
  readonly #service: TestedService
  readonly #operation: string
  sent = 0
  understood = 0

  constructor(server: TestServer, pools: SharedPools, service: TestedService, operation: string) {
    this.#server = server
    this.#service = service
    this.#operation = operation
    this.world = new World(server, pools, service, operation)
  }

  async sendTree(tree: Tree): Promise<void> {
    await this.send({ body: Buffer.from(await this.world.textOf(tree)) }, describe(tree))
  }

  async send({ body, ...how }: Sent, name: string): Promise<void> {
    const { model } = this.#service.contract
    const sign = await this.world.signer()
    const once = (): Promise<Answer> => call(this.#server, this.#operation, body, { sign, model, ...how })
    const answer = await once()
    this.sent++
    if (understood(this.#service, answer)) this.understood++
    try {
      if (judge(this.#service, this.#operation, body, answer) === 'ok') await this.#tidy(answer)
      await judgeTime(answer, once)
      // The server runs in this process.
      expect(prototypes.map((prototype) => Reflect.ownKeys(prototype).length)).toEqual(untouched)
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    } catch (error) {
      throw new Error(
        `${this.#operation} ${name} was answered ${answer.status} ${answer.text.slice(0, 500)}\n${(error as Error).message}`,
      )
    }
  }

  async #tidy(answer: Answer): Promise<void> {
    await this.#service.tidy(this.#server, this.#operation, answer)
    if (!/^(Describe|Get(?!Id|OpenId|Credentials)|List|Simulate)/.test(this.#operation)) await this.world.renew()
  }

  /** The server still works, and nothing is left behind. */
  async end(): Promise<void> {
    const { status, json } = await call(this.#server, 'ListUserPools', { MaxResults: 1 }, { sign: true })
    expect({ status, json }).toEqual({ status: 200, json: expect.objectContaining({ UserPools: expect.any(Array) }) })
    await this.world.renew()
  }
}
