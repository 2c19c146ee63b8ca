import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { RowsContended, Stale, withRetries } from './compare-and-set.ts'

it('tries again while rows change, and passes other errors on', async () => {
  let attempts = 0
  const after = (conflicts: number) => () => {
    attempts++
    return attempts > conflicts ? Promise.resolve('written') : Promise.reject(new Stale())
  }
  expect(await withRetries(after(3))).toBe('written')
  expect(attempts).toBe(4)
  await expect(withRetries(() => Promise.reject(new TypeError('other')))).rejects.toThrow('other')
})

it('gives up when rivals win each time, neither before its attempts nor before its time', async () => {
  const patient = 50
  const began = performance.now()
  let attempts = 0
  const losing = () => {
    attempts++
    return Promise.reject(new Stale())
  }
  await expect(withRetries(losing, { patienceMs: patient })).rejects.toThrow(RowsContended)
  expect(attempts).toBeGreaterThanOrEqual(20)
  expect(performance.now() - began).toBeGreaterThan(patient)
})

it('lets those of one row that were in conflict go on one after the other', async () => {
  let version = 0
  let conflicts = 0
  let working = 0
  const change = () => {
    let first = true
    return withRetries(
      async () => {
        const seen = version
        if (!first) working++
        expect(working).toBeLessThanOrEqual(1)
        await setTimeout(1)
        if (!first) working--
        first = false
        if (version !== seen) {
          conflicts++
          throw new Stale()
        }
        version++
      },
      { row: 'one' },
    )
  }
  await Promise.all(Array.from({ length: 100 }, change))
  expect(version).toBe(100)
  // Of a hundred that began at once one wins; the others have a turn each.
  expect(conflicts).toBe(99)
})
