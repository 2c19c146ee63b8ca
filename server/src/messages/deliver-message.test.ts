import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type OutboxUnderTest, openOutbox } from '../../test/outbox-parts.ts'
import { claimDue } from '../../test/queue-runs.ts'
import { createSealer } from '../crypto/seal.ts'
import { insertJob, type Job } from '../jobs/job-store.ts'
import type { HeldLease } from '../jobs/lease.ts'
import { type DeliveryParts, deliverMessage } from './deliver-message.ts'
import { sealMessage } from './sealed-message.ts'

const message = {
  userPoolId: 'p',
  userSub: 'sub-1',
  medium: 'EMAIL',
  to: 'canary@example.com',
  body: 'canary',
} as const

let parts: OutboxUnderTest
let claim: { job: Job; lease: HeldLease }
beforeEach(async () => {
  parts = await openOutbox()
  const now = parts.clock.now()
  const payload = sealMessage(parts.sealer, 'a', message)
  await insertJob(parts.database.db, { owner: 'sub-1', id: 'a', queue: 'EMAIL', payload, created_at: now, due_at: now })
  claim = (await claimDue({ ...parts.effects, database: parts.database }, { name: 'EMAIL' })) as typeof claim
})
afterEach(async () => {
  claim.lease.release()
  await parts.close()
})

const stored = () => parts.database.db.selectFrom('jobs').selectAll().executeTakeFirst()
const deliver = (changes: Partial<DeliveryParts>) =>
  deliverMessage({ ...parts, send: async () => {}, undelivered: async () => {}, ...changes }, claim.job, claim.lease)
const lines = () => parts.lines.map(({ msg, reason }) => [msg, reason])

test('an attempt fails when the sender does not answer within the time-out', async () => {
  await deliver({ send: () => new Promise(() => {}), attemptLimitMs: 20 })
  expect(await stored()).toMatchObject({ lease: '', attempts: 1 })
  expect(lines()).toEqual([['message not delivered yet', 'the sender did not answer']])
})

test('a message that the master key does not open is retried, as the operator may restore the key', async () => {
  await deliver({ sealer: createSealer({ current: randomBytes(32) }) })
  expect(await stored()).toMatchObject({ lease: '' })
  expect(lines()).toEqual([['message not delivered yet', 'the master key does not open it']])
})

test.each([
  [Object.assign(new Error('to canary@example.com'), { code: 'ECONNRESET' }), 'ECONNRESET'],
  [Object.assign(new Error('canary'), { code: 'to canary@example.com' }), 'Error'],
  [new TypeError('canary'), 'TypeError'],
  ['canary', 'the sender failed'],
  [undefined, 'the sender failed'],
  [{ code: 550, name: 'canary@example.com' }, 'the sender failed'],
])('the text of a sender error is not logged: %j', async (thrown, reason) => {
  await deliver({ send: () => Promise.reject(thrown) })
  expect(lines()).toEqual([['message not delivered yet', reason]])
  expect(JSON.stringify(parts.lines)).not.toContain('canary')
})

test('an attempt whose lease is lost changes nothing', async () => {
  await parts.database.db.updateTable('jobs').set({ lease: 'another' }).execute()
  const before = await stored()
  await deliver({})
  await deliver({ send: () => Promise.reject(new Error()) })
  expect(await stored()).toEqual(before)
})

test('an abandoned message stays claimed, whatever the sender answers afterwards', async () => {
  const before = await stored()
  let reject: (error: Error) => void = () => {}
  const held = new Promise<void>((_, refuse) => {
    reject = refuse
  })
  const delivering = deliver({ send: () => held })
  claim.lease.release()
  reject(new Error('closed'))
  expect(await delivering).toBe('lost')
  expect(await stored()).toEqual(before)
  expect(lines()).toEqual([])
})
