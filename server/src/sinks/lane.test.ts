import { expect, it } from 'vitest'
import { halve, isDue, isFull, newLane, push, take } from './lane.ts'

const bounds = { records: 4, bytes: 40, sizeOf: (bytes: number) => bytes + 1, wait: 1000 }
const line = (bytes: number) => ({ at: 0, text: 'x'.repeat(bytes), bytes })
const filled = (...sizes: number[]) => {
  const lane = newLane('a', bounds)
  for (const bytes of sizes) push(lane, line(bytes), bounds, 0)
  return lane
}

it('its size is that of its lines, whatever is taken and put back', () => {
  const lane = filled(9, 9, 9, 9, 9)
  expect(lane.size).toBe(50)
  const lines = take(lane, bounds, 0)
  expect([lines.length, lane.size]).toEqual([4, 10])
  halve(lane, lines, bounds)
  expect([lane.lines.length, lane.size, lane.most]).toEqual([5, 50, 2])
})

it('a batch has as many lines as its bounds allow, one at least', () => {
  expect(take(filled(1, 1, 1, 1, 1), bounds, 0).length).toBe(4)
  expect(take(filled(19, 19, 1), bounds, 0).length).toBe(2)
  expect(take(filled(19, 20), bounds, 0).length).toBe(1)
  expect(take(filled(99), bounds, 0).length).toBe(1)
})

it('is due when it is full, when its first line has waited, and when the clock was set back', () => {
  expect([isFull(filled(1, 1, 1), bounds), isFull(filled(1, 1, 1, 1), bounds), isFull(filled(39), bounds)]).toEqual([
    false,
    true,
    true,
  ])
  expect([0, 999, 1000, -5000].map((now) => isDue(filled(1), bounds, now))).toEqual([false, false, true, true])
  expect(isDue(filled(1, 1, 1, 1), bounds, 0)).toBe(true)
  expect(isDue(newLane('a', bounds), bounds, 5000)).toBe(false)
})

it('a batch that failed is due after its pause', () => {
  const lane = { ...filled(), batch: { id: '', name: 'a', lines: [line(1)], madeAt: 0 }, notBefore: 5000 }
  expect([4999, 5000].map((now) => isDue(lane, bounds, now))).toEqual([false, true])
  expect(isDue(lane, bounds, -1_000_000)).toBe(true)
})
