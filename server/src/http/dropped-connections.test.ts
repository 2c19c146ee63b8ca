import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { reportDropped } from './dropped-connections.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

it('logs the first dropped connection at once, and the others with their counts a minute later', () => {
  const warn = vi.fn()
  const { dropped, end } = reportDropped({ warn })
  const lines = () => warn.mock.calls.splice(0).map(([counts]) => counts)
  dropped('slowBody')
  expect(lines()).toEqual([{ slowBody: 1 }])
  for (let i = 0; i < 1000; i++) dropped('tooMany')
  dropped('tooManyOfAddress')
  vi.advanceTimersByTime(59_999)
  expect(lines()).toEqual([])
  vi.advanceTimersByTime(1)
  expect(lines()).toEqual([{ tooMany: 1000, tooManyOfAddress: 1 }])
  // A minute without any: no line, and the next one is told at once.
  vi.advanceTimersByTime(60_000)
  expect(lines()).toEqual([])
  dropped('tooMany')
  expect(lines()).toEqual([{ tooMany: 1 }])
  dropped('slowBody')
  end()
  expect(lines()).toEqual([{ slowBody: 1 }])
  expect(vi.getTimerCount()).toBe(0)
})
