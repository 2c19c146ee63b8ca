// Sends to one operation, well signed where that is needed, and judges each answer by oracle.ts.
import { expect } from 'vitest'
import type { TestServer } from '../harness.ts'
import { type Answer, call } from '../refusals/raw-request.ts'
import { describe, type Tree } from './json-tree.ts'
import { judge, judgeTime } from './oracle.ts'
import { modelOf } from './plain-input.ts'
import { removePool, type SharedPools, World } from './world.ts'

/** COGNOMEN_LONG=1 tries much more, from another seed each time. */
export const LONG = process.env['COGNOMEN_LONG'] !== undefined
/** COGNOMEN_SEED repeats a run. */
export const SEED = Number(process.env['COGNOMEN_SEED'] ?? (LONG ? Date.now() % 2 ** 31 : 20_261_120))

// A request was understood when the operation itself answered it.
const understood = ({ json }: Answer): boolean =>
  json.__type !== 'SerializationException' && !/^\d+ validation errors? detected/.test(json.message ?? '')

const prototypes = [Object.prototype, Array.prototype, String.prototype, Function.prototype]
const untouched = prototypes.map((prototype) => Reflect.ownKeys(prototype).length)

export class Trial {
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
    await this.send(Buffer.from(await this.world.textOf(tree)), describe(tree))
  }

  async send(body: Uint8Array, name: string): Promise<void> {
    const sign = modelOf(this.#operation).caller === 'signed'
    const once = (): Promise<Answer> => call(this.#server, this.#operation, body, { sign })
    const answer = await once()
    this.sent++
    if (understood(answer)) this.understood++
    try {
      if (judge(this.#operation, body, answer) === 'ok') await this.#tidy(answer)
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

  async #tidy({ json }: Answer): Promise<void> {
    if (this.#operation === 'CreateUserPool') await removePool(this.#server, (json['UserPool'] as { Id: string }).Id)
    if (!/^(Describe|Get|List)/.test(this.#operation)) await this.world.renew()
  }

  /** The server still works, and nothing is left behind. */
  async end(): Promise<void> {
    const { status, json } = await call(this.#server, 'ListUserPools', { MaxResults: 1 }, { sign: true })
    expect({ status, json }).toEqual({ status: 200, json: expect.objectContaining({ UserPools: expect.any(Array) }) })
    await this.world.renew()
  }
}
