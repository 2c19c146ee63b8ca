import { expect, it } from 'vitest'
import { progressLine, startProgress } from './output.ts'

it('a line of progress has a bar where the total is known', () => {
  expect(progressLine(0, 4000, 'users', 0)).toBe(`[${'-'.repeat(24)}]   0 %  0 of 4,000 users`)
  expect(progressLine(1000, 4000, 'users', 0.2)).toBe(
    `[${'#'.repeat(6)}${'-'.repeat(18)}]  25 %  1,000 of 4,000 users  5,000 a second`,
  )
  expect(progressLine(5000, 4000, 'users', 1)).toBe(`[${'#'.repeat(24)}] 100 %  5,000 of 4,000 users  5,000 a second`)
  expect(progressLine(1234, 0, 'users', 1)).toBe('1,234 users  1,234 a second')
})

it('is drawn over in a terminal, and written once elsewhere', () => {
  const written = (live: boolean): string => {
    let text = ''
    const print = (part: string) => {
      text += part
    }
    const progress = startProgress({ print, live }, 'users')
    progress.show(1, 0)
    progress.end(2, 0)
    return text
  }
  expect(written(false)).toMatch(/^2 users {2}[\d,]+ a second\n$/)
  expect(written(true)).toMatch(/^\r1 users {2}[\d,]+ a second\r2 users {2}[\d,]+ a second *\n$/)
})
