// Recomputes docs/decisions/budgets.md from the budgets in force: who raises a limit beyond what it allows fails here.
import { expect, it } from 'vitest'
import { startTestServer } from '../../test/harness.ts'
import { readConfig } from '../config/config.ts'
import {
  BOTNET_ADDRESSES,
  guessesADay,
  migrationTriesADay,
  takeoversAYear,
  tokenTakeoversAYear,
} from './takeover-rules.ts'

const defaults = readConfig({})
const withBudgets = (text: string) => readConfig({ CODE_TRY_BUDGETS: text })

it('one address, one /48 and a botnet of 1,000 addresses take over less than one account a year', () => {
  expect(BOTNET_ADDRESSES).toBe(1000)
  for (const addresses of [1, BOTNET_ADDRESSES]) expect(takeoversAYear(defaults, addresses)).toBeLessThan(1)
  const { network, user, pool } = defaults.codeTryBudgets
  for (const tries of [network.day, user.day]) {
    expect(tries).toBeGreaterThan(0)
    expect((tries * 365.25) / 1e6).toBeLessThan(1)
  }
  // An hour never allows more than its day.
  for (const bound of Object.values(defaults.codeTryBudgets)) expect(bound.hour).toBeLessThanOrEqual(bound.day)
  expect(pool.day).toBeGreaterThan(0)
})

it('the figures of the page', () => {
  expect(guessesADay(defaults, 1)).toBe(300)
  expect(takeoversAYear(defaults, 1)).toBeCloseTo(0.11, 2)
  expect(guessesADay(defaults, BOTNET_ADDRESSES)).toBe(2000)
  expect(takeoversAYear(defaults, BOTNET_ADDRESSES)).toBeCloseTo(0.73, 2)
})

it('a list of a million leaked passwords takes a botnet a year at a directory behind UserMigration', () => {
  expect(migrationTriesADay(defaults, 1)).toBe(200)
  expect(migrationTriesADay(defaults, BOTNET_ADDRESSES)).toBe(3000)
  expect(1e6 / migrationTriesADay(defaults, BOTNET_ADDRESSES)).toBeGreaterThan(330)
  const without = (text: string) => readConfig({ MIGRATION_TRY_BUDGETS: text })
  expect(migrationTriesADay(without('pool 0/hour 0/day'), BOTNET_ADDRESSES)).toBe(200_000)
  expect(migrationTriesADay(without('pool 0/hour 0/day, network 0/hour 0/day'), 1)).toBe(Number.POSITIVE_INFINITY)
})

it('an account whose password is known is taken over by guesses at its software token once in 91 years', () => {
  for (const addresses of [1, BOTNET_ADDRESSES, 1e6])
    expect(tokenTakeoversAYear(defaults, 1, addresses)).toBeCloseTo(1 / 91.3, 4)
  // One address has 100 tries a day, and a botnet as many as the accounts allow.
  expect(tokenTakeoversAYear(defaults, 1000, 1)).toBeCloseTo(0.11, 2)
  expect(tokenTakeoversAYear(defaults, 1000, BOTNET_ADDRESSES)).toBeCloseTo(1000 / 91.3, 1)
  const unbounded = withBudgets('user 0/hour 0/day, address 0/hour 0/day')
  expect(tokenTakeoversAYear(unbounded, 1, 1)).toBe(Number.POSITIVE_INFINITY)
})

it('budgets that are raised carelessly allow more', () => {
  expect(takeoversAYear(withBudgets('pool 300/hour 2000/day'), BOTNET_ADDRESSES)).toBeGreaterThan(1)
  expect(takeoversAYear(withBudgets('pool 0/hour 0/day'), BOTNET_ADDRESSES)).toBeGreaterThan(100)
  expect(takeoversAYear(withBudgets('pool 0/hour 0/day, address 0/hour 0/day'), 1)).toBe(Number.POSITIVE_INFINITY)
  expect(takeoversAYear(withBudgets('address 2/hour 2/day'), 100)).toBeCloseTo((200 * 365.25) / 1e6, 6)
})

it.each([
  [undefined, 0],
  ['pool 1000/hour 1700/day', 0],
  ['pool 1000/hour 5000/day', 1],
  ['pool 0/hour 0/day, address 0/hour 0/day', 1],
])('with %s the start warns %i times', async (CODE_TRY_BUDGETS, warnings) => {
  const lines: string[] = []
  const env = { LOG_LEVEL: 'warn', ...(CODE_TRY_BUDGETS === undefined ? {} : { CODE_TRY_BUDGETS }) }
  const server = await startTestServer({ env, logTo: { write: (line) => void lines.push(line) } })
  await server.stop()
  expect(lines.filter((line) => line.includes('CODE_TRY_BUDGETS let 1000 addresses'))).toHaveLength(warnings)
})
