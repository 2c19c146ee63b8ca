// What readiness and the log make of outcomes, where the small write of readiness itself works: on a disk or a network that
// fails most of what is asked of it.
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, DatabaseAway } from './database.ts'
import { createDatabaseHealth, type DatabaseHealth } from './database-health.ts'
import { openDatabase } from './open.ts'

let database: Database
let health: DatabaseHealth
let time: number
let log: { msg: string; advice?: string }[]

beforeEach(async () => {
  database = await openDatabase({ engine: 'sqlite', path: ':memory:' }, () => undefined)
  time = 0
  log = []
  const write = (line: string): void => void log.push(JSON.parse(line))
  health = createDatabaseHealth(pino({}, { write }), () => time)
})
afterEach(() => database.close())

const problem = () => health.problem(database, 0)
const full = new DatabaseAway('PostgreSQL: could not extend file', 'Make room.')
const gone = new DatabaseAway('No connection', 'Check the network.')

function work(worked: number, failed: number): void {
  for (let i = 0; i < worked; i++) health.worked()
  for (let i = 0; i < failed; i++) health.away(full)
}

test('369 failures of 400 make it not ready, a few do not', async () => {
  expect(await problem()).toBeUndefined()
  work(31, 369)
  expect(await problem()).toBe('database fails most of the time')
  time = 5000
  work(395, 5)
  expect(await problem()).toBeUndefined()
})

test('it is ready again two periods after the last failures', async () => {
  work(0, 10)
  time = 1000
  expect(await problem()).toBe('database fails most of the time')
  time = 2000
  expect(await problem()).toBeUndefined()
})

test('each cause is told once, and the return once', () => {
  work(3, 400)
  health.away(gone)
  work(0, 10)
  expect(log.map(({ advice }) => advice)).toEqual(['Make room.', 'Check the network.'])
  work(5, 0)
  expect(log).toHaveLength(2)
  time = 2000
  work(5, 0)
  expect(log.map(({ msg }) => msg).slice(2)).toEqual(['the database serves again'])
  health.away(gone)
  expect(log).toHaveLength(4)
})

test('checks at the same time share one write; a failed write makes it not ready', async () => {
  let writes = 0
  const counted: Database = { ...database, durable: async () => void writes++ }
  const checks = Array.from({ length: 50 }, () => health.problem(counted, 0))
  expect(new Set(await Promise.all(checks))).toEqual(new Set([undefined]))
  expect(writes).toBe(1)
  const failing: Database = { ...database, durable: () => Promise.reject(new Error('EIO')) }
  expect(await health.problem(failing, 0)).toBe('database unavailable')
})
