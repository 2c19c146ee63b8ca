// Whatever a place answers, each record is delivered once and in order, lost and counted, or waits: generated answers.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TestClock } from '../../test/harness.ts'
import type { StdoutPlace } from '../config/sink-places.ts'
import { systemRandom } from '../effects/random.ts'
import { type Batch, bodyOf, type SinkWay } from './batch.ts'
import { limits } from './limits.ts'
import { createPlaceQueue } from './place-queue.ts'
import { PutFailed } from './put-failed.ts'

type Step =
  | { do: 'add'; sink: string; count: number }
  | { do: 'send' }
  | { do: 'wait'; ms: number }
  | { do: 'answer'; as: 'takes' | 'later' | 'place' | 'some' | 'bug' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      sink: fc.constantFrom('a', 'b', 'c'),
      count: fc.integer({ min: 1, max: 40 }),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'send' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: limits.pause.max }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      as: fc.constantFrom(
        'takes' as const,
        'takes' as const,
        'later' as const,
        'place' as const,
        'some' as const,
        'bug' as const,
      ),
    }),
  },
)

/** A record that the place refuses by itself. */
const isPoison = (n: number): boolean => n % 17 === 3

async function run(steps: readonly Step[], bound: number, ends: boolean) {
  const clock = new TestClock()
  clock.freeze()
  const taken: Record<string, number[]> = { a: [], b: [], c: [] }
  const added: Record<string, number[]> = { a: [], b: [], c: [] }
  let answer: (Step & { do: 'answer' })['as'] = 'takes'
  let putting = 0
  const largest = { lines: 0, bytes: 0 }
  const numberOf = (line: Batch['lines'][number]) => bodyOf(line)['n'] as number
  const way: SinkWay<StdoutPlace> = {
    records: 16,
    bytes: 100,
    sizeOf: (bytes) => bytes + 1,
    wait: 0,
    async put(_parts, _place, { name, lines }) {
      expect(putting).toBe(0)
      putting += 1
      await undefined
      putting -= 1
      largest.lines = Math.max(largest.lines, lines.length)
      largest.bytes = Math.max(
        largest.bytes,
        lines.reduce((sum, { bytes }) => sum + bytes + 1, 0),
      )
      if (answer === 'bug') throw new TypeError('not foreseen')
      if (answer === 'later' || answer === 'place') throw new PutFailed('no', answer)
      if (lines.some((line) => isPoison(numberOf(line)))) throw new PutFailed('no', 'record')
      const again = answer === 'some' ? lines.filter((_, index) => index % 2 === 1) : []
      taken[name]?.push(...lines.filter((line) => !again.includes(line)).map(numberOf))
      return again.length > 0 ? { again, reason: 'slow' } : undefined
    },
  }
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const closed = new AbortController().signal
  const bounds = { records: bound, bytes: 1_000_000 }
  const parts = { clock, closed, random: systemRandom(), log: log as never, bounds, writeOut: async () => undefined }
  const queue = createPlaceQueue(parts, '*', { way: 'stdout' }, way)
  const check = () => {
    const { delivered, waiting, dropped } = queue.counts()
    expect(delivered + waiting + dropped).toBe(Object.values(added).flat().length)
    expect(waiting).toBeLessThanOrEqual(bound)
  }
  let n = 0
  for (const one of steps) {
    if (one.do === 'answer') answer = one.as
    else if (one.do === 'wait') clock.advance(one.ms)
    else if (one.do === 'send') await queue.send()
    else
      for (let count = 0; count < one.count; count++, n++) {
        const text = JSON.stringify({ n })
        added[one.sink]?.push(n)
        queue.add(one.sink, { at: clock.now(), text, bytes: text.length })
      }
    check()
  }
  answer = 'takes'
  if (ends) await queue.close()
  else
    while (queue.counts().waiting > 0) {
      clock.advance(limits.pause.max)
      await queue.send()
    }
  check()
  return { ...queue.counts(), taken, added, largest }
}

it.each([
  ['goes on', false],
  ['stops', true],
])('a place that %s', async (_, ends) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.constantFrom(50, 100_000), async (steps, bound) => {
      const { taken, added, delivered, waiting, dropped, largest } = await run(steps, bound, ends)
      expect(waiting).toBe(0)
      expect(Object.values(taken).flat().length).toBe(delivered)
      expect(largest.lines).toBeLessThanOrEqual(16)
      expect(largest.bytes).toBeLessThanOrEqual(100)
      for (const [sink, numbers] of Object.entries(taken)) {
        expect(new Set(numbers).size).toBe(numbers.length)
        const good = (added[sink] ?? []).filter((one) => !isPoison(one))
        const partly = steps.some((one) => one.do === 'answer' && one.as === 'some')
        if (bound > 50) expect(partly ? [...numbers].sort((x, y) => x - y) : numbers).toEqual(good)
      }
      if (bound > 50) expect(dropped).toBe(Object.values(added).flat().filter(isPoison).length)
    }),
    { numRuns: 300 },
  )
})
