import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type LogEntry, logLines, packedLog, succeeded } from './log-rules.ts'

const skipped = (line: number): LogEntry => ({ line, word: 'SKIPPED', text: 'The user already exists.' })

it('stores rows that were imported as one range, and others as they are shown', () => {
  const entries = [succeeded(2), succeeded(3), succeeded(5), skipped(6), skipped(7), succeeded(8)]
  expect(packedLog(entries)).toBe(
    '2-3\n5-5\n[SKIPPED] Line Number 6 - The user already exists.\n[SKIPPED] Line Number 7 - The user already exists.\n8-8',
  )
})

it('shows a line for each entry, in their order', () => {
  const gap = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.boolean())
  fc.assert(
    fc.property(fc.array(gap, { minLength: 1, maxLength: 50 }), (gaps) => {
      let line = 1
      const entries = gaps.map(([lines, fine]) => {
        line += lines
        return fine ? succeeded(line) : skipped(line)
      })
      expect(logLines(packedLog(entries))).toEqual(
        entries.map((entry) => `[${entry.word}] Line Number ${entry.line} - ${entry.text}`),
      )
    }),
  )
})
