// The queues of sinks: what is kept, what is lost and how that is told, when the other side refuses, stalls and comes back.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TestClock } from '../../test/harness.ts'
import { useStandIn } from '../../test/push-services.ts'
import { systemRandom } from '../effects/random.ts'
import { limits } from './limits.ts'
import { createSinks, type Sinks } from './sinks.ts'

const ONE = 'arn:aws:logs:us-east-1:000000000000:log-group:one'
const TWO = 'arn:aws:logs:us-east-1:000000000000:log-group:two'

const hook = useStandIn()
const key = 'k'.repeat(32)
const clock = new TestClock()
const lines: Record<string, unknown>[] = []
const log = {
  info: (line: object, text: string) => void lines.push({ ...line, text }),
  warn: (line: object, text: string) => void lines.push({ ...line, text }),
  error: (line: object, text: string) => void lines.push({ ...line, text }),
}
/** The numbers that came, by sink. */
const taken: Record<string, number[]> = {}
let sinks: Sinks | undefined

beforeEach(() => {
  lines.length = 0
  for (const name of Object.keys(taken)) delete taken[name]
})
afterEach(() => sinks?.close())

const accept = () => {
  hook.answer = ({ headers, body }) => {
    const name = String(headers['cognomen-sink'])
    taken[name] = [...(taken[name] ?? []), ...(JSON.parse(String(body)) as { n: number }[]).map(({ n }) => n)]
    return { status: 200 }
  }
}
const refuse = (status = 503) => {
  hook.answer = () => ({ status })
}
const open = (more: object = {}, pattern = 'arn:*'): Sinks => {
  sinks = createSinks({
    places: [[pattern, { way: 'webhook', url: hook.url, key }]],
    clock,
    random: systemRandom(),
    log: log as never,
    ...more,
  })
  return sinks
}
const add = (from: number, to: number, name = ONE) => {
  for (let n = from; n < to; n++) sinks?.add(name, { at: clock.now(), body: { n } })
}
const counts = () => sinks?.counts()[0]
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

describe('a place that refuses and comes back', () => {
  it('gets everything in order that fits its bound, and what does not is counted exactly', async () => {
    refuse()
    const one = open({ bounds: { records: 2500, bytes: 1_000_000 } })
    add(0, 1500)
    await one.send()
    add(1500, 3000)
    for (let tries = 0; tries < 5; tries++) {
      clock.advance(limits.pause.max)
      await one.send()
    }
    expect(counts()).toMatchObject({ delivered: 0, waiting: 2500, dropped: 500 })
    accept()
    clock.advance(limits.pause.max)
    await one.send()
    expect(taken[ONE]).toEqual(numbers(0, 2500))
    expect(counts()).toMatchObject({ delivered: 2500, waiting: 0, dropped: 500 })
    add(3000, 3001)
    await one.send()
    expect(taken[ONE]?.at(-1)).toBe(3000)
  })

  it('is bounded in bytes, too', async () => {
    const one = open({ bounds: { records: 1000, bytes: 70 } })
    add(0, 11)
    expect(counts()).toMatchObject({ waiting: 10, dropped: 1 })
    accept()
    await one.send()
    add(11, 12)
    expect(counts()).toMatchObject({ delivered: 10, waiting: 1, dropped: 1 })
  })

  it('is not asked before its pause is over, which grows', async () => {
    refuse()
    const one = open()
    add(0, 1)
    const pauses: number[] = []
    for (let last = clock.now(); pauses.length < 6; ) {
      const before = hook.received.length
      await one.send()
      if (hook.received.length > before) {
        pauses.push(clock.now() - last)
        last = clock.now()
      }
      clock.advance(500)
    }
    const [, ...waits] = pauses
    expect(waits.every((wait, index) => wait >= Math.min(3750 * 2 ** index, 45_000))).toBe(true)
    expect(waits.every((wait) => wait <= limits.pause.max + 2000)).toBe(true)
  })

  it.each([401, 403, 404, 429, 500])('loses nothing by HTTP %i', async (status) => {
    refuse(status)
    const one = open()
    add(0, 3)
    await one.send()
    expect(counts()).toMatchObject({ waiting: 3, dropped: 0 })
  })
})

describe('a place that stalls', () => {
  it('has one batch under way; whoever adds does not wait, and the rest goes when it answers', async () => {
    let release: () => void = () => undefined
    const stalled = new Promise<void>((resolve) => {
      release = resolve
    })
    const written: string[] = []
    const writeOut = async (text: string) => {
      written.push(text)
      await stalled
    }
    const one = open({ places: [['arn:*', { way: 'stdout' }]], writeOut })
    add(0, 1)
    const sending = one.send()
    await expect.poll(() => written.length).toBe(1)
    add(1, 5000)
    void one.send()
    void one.send()
    await new Promise(setImmediate)
    expect(written.length).toBe(1)
    expect(counts()).toMatchObject({ delivered: 0, waiting: 5000 })
    release()
    await sending
    expect(written.join('')).toBe(
      numbers(0, 5000)
        .map((n) => `{"n":${n}}\n`)
        .join(''),
    )
    expect(counts()).toMatchObject({ delivered: 5000, waiting: 0, dropped: 0 })
  })

  it('does not hold up another place', async () => {
    const never = new Promise<void>(() => undefined)
    accept()
    const one = open({
      places: [
        [ONE, { way: 'stdout' }],
        [TWO, { way: 'webhook', url: hook.url, key }],
      ],
      writeOut: () => never,
      stopTimeMs: 50,
    })
    add(0, 1, ONE)
    void one.send()
    add(0, 1, TWO)
    void one.send()
    await expect.poll(() => taken[TWO]).toEqual([0])
  })
})

describe('a stop', () => {
  it('delivers what waits, also what was to be tried later', async () => {
    refuse()
    const one = open()
    add(0, 2)
    await one.send()
    accept()
    add(2, 2500)
    await one.close()
    expect(taken[ONE]).toEqual(numbers(0, 2500))
    expect(counts()).toMatchObject({ delivered: 2500, waiting: 0, dropped: 0 })
    add(2500, 2501)
    expect(counts()).toMatchObject({ dropped: 1 })
  })

  it('ends, though a place refuses or does not answer, and tells what is lost', async () => {
    refuse()
    const one = open({ stopTimeMs: 50 })
    add(0, 1700)
    await one.close()
    expect(counts()).toMatchObject({ delivered: 0, waiting: 0, dropped: 1700 })
    expect(lines.filter(({ text }) => text === 'records for a sink are lost').at(-1)).toMatchObject({ lost: 1700 })
  })

  it('aborts a request that stalls', async () => {
    const { createServer } = await import('node:http')
    const server = createServer(() => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const place = { way: 'webhook', url: `http://127.0.0.1:${port}`, key }
    const one = open({ stopTimeMs: 50, places: [['arn:*', place]] })
    add(0, 3)
    void one.send()
    await one.close()
    expect(counts()).toMatchObject({ waiting: 0, dropped: 3 })
    server.closeAllConnections()
    server.close()
  })
})

it('two sinks at one place have batches of their own, and neither waits for the other', async () => {
  accept()
  const one = open()
  add(0, 2500, ONE)
  add(0, 3, TWO)
  await one.send()
  expect(hook.received.map(({ headers }) => headers['cognomen-sink'])).toEqual([ONE, TWO, ONE, ONE])
  expect(taken).toEqual({ [ONE]: numbers(0, 2500), [TWO]: numbers(0, 3) })
})

it('one sink whose records are refused for now does not hold up another of the place', async () => {
  hook.answer = ({ headers }) => ({ status: headers['cognomen-sink'] === ONE ? 404 : 200 })
  const one = open()
  add(0, 1, ONE)
  add(0, 1, TWO)
  await one.send()
  expect(counts()).toMatchObject({ delivered: 1, waiting: 1 })
})

it('one sink whose records nobody takes costs another of a full place none of its own', async () => {
  accept()
  const taking = hook.answer
  hook.answer = (request) => (request.headers['cognomen-sink'] === ONE ? { status: 404 } : taking(request))
  const one = open({ bounds: { records: 3000, bytes: 1_000_000 } })
  add(0, 3500, ONE)
  await one.send()
  add(0, 1200, TWO)
  expect(counts()).toMatchObject({ waiting: 3000, dropped: 1700 })
  add(3500, 3600, ONE)
  await one.send()
  expect(taken[TWO]).toEqual(numbers(0, 1200))
  accept()
  clock.advance(limits.pause.max)
  await one.send()
  // The oldest stay, and what came when there was room again.
  expect(taken[ONE]).toEqual(numbers(0, 1800))
  expect(counts()).toMatchObject({ delivered: 3000, waiting: 0, dropped: 1800 })
})

it('the sink that loses is the one that has most, also by bytes', async () => {
  const one = open({ bounds: { records: 1000, bytes: 1000 } })
  one.add(ONE, { at: clock.now(), body: { text: 'x'.repeat(400) } })
  one.add(ONE, { at: clock.now(), body: { text: 'y'.repeat(400) } })
  add(0, 30, TWO)
  accept()
  await one.send()
  expect(taken[TWO]).toEqual(numbers(0, 30))
  expect(taken[ONE]).toHaveLength(1)
  expect(counts()).toMatchObject({ delivered: 31, dropped: 1 })
})

it('a whole batch is sent at once', async () => {
  accept()
  open()
  add(0, 1000)
  await expect.poll(() => taken[ONE]?.length).toBe(1000)
})

it('the log tells of a loss when it begins and once a minute while it lasts, with the number', async () => {
  refuse()
  const one = open({ bounds: { records: 1, bytes: 1000 } })
  const losses = () => lines.filter(({ text }) => text === 'records for a sink are lost').map(({ lost }) => lost)
  add(0, 1)
  await one.send()
  expect(losses()).toEqual([])
  add(1, 11)
  await one.send()
  expect(losses()).toEqual([1])
  clock.advance(59_000)
  await one.send()
  expect(losses()).toEqual([1])
  clock.advance(1_000)
  await one.send()
  expect(losses()).toEqual([1, 9])
  clock.advance(60_000)
  await one.send()
  expect(losses()).toEqual([1, 9])
  expect(lines.some((line) => JSON.stringify(line).includes(key))).toBe(false)
})

it('the log tells that a place takes nothing, and that it does again', async () => {
  refuse()
  const one = open()
  add(0, 1)
  for (let tries = 0; tries < 4; tries++) {
    await one.send()
    clock.advance(15_000)
  }
  accept()
  clock.advance(limits.pause.max)
  await one.send()
  expect(lines.map(({ text, reason }) => [text, reason])).toEqual([
    ['a sink takes no records for now', 'HTTP 503'],
    ['a sink takes records again', undefined],
  ])
})

it('what cannot be kept is counted; nothing is thrown', () => {
  const one = open()
  const cycle: { self?: object } = {}
  cycle.self = cycle
  one.add(ONE, { at: clock.now(), body: cycle })
  one.add(ONE, { at: clock.now(), body: { text: 'x'.repeat(limits.record.max) } })
  one.add(ONE, { at: clock.now(), body: { big: 1n } })
  expect(counts()).toMatchObject({ waiting: 0, dropped: 3 })
})

it('a sink that the file does not name gets nothing', () => {
  const one = open({}, ONE)
  expect([one.knows(ONE), one.knows(TWO)]).toEqual([true, false])
  add(0, 1, TWO)
  expect(one.counts()).toEqual([{ place: ONE, way: 'webhook', delivered: 0, waiting: 0, dropped: 0 }])
})
