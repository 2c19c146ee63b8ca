import { expect, test } from 'vitest'
import { amount, limitsPage } from './limits-page.mjs'

test.each([
  [{ max: 1000 }, '1,000'],
  [{ max: 2048, unit: 'characters' }, '2,048 characters'],
  [{ max: 900_000, unit: 'ms' }, '15 minutes'],
  [{ max: 500, unit: 'ms' }, '500 ms'],
  [{ max: 86_400, unit: 'seconds' }, '1 day'],
  [{ max: 90, unit: 'seconds' }, '90 seconds'],
  [{ max: 2 ** 20, unit: 'bytes' }, '1 MiB'],
  [{ max: 460, unit: 'bytes' }, '460 bytes'],
  [{ max: 5, unit: 'an hour' }, '5 an hour'],
])('%j is %s', (limit, text) => {
  expect(amount(limit)).toBe(text)
})

test('a row says what is bounded, how much there is, what changes it and where it comes from', () => {
  const limit = { max: 60, bounds: 'entries', setting: 'A', source: 'docs/reference/user-pools.md 1.4' }
  expect(limitsPage({ iam: [limit] }, { A: {} })).toContain(
    '## IAM\n\n| Of what | At most | Setting | Source |\n|---|---|---|---|\n| Entries | 60 | `A` | reference/user-pools.md 1.4 |\n',
  )
  expect(() => limitsPage({ iam: [limit] }, {})).toThrow('A limit of iam names the setting A, which does not exist.')
})
