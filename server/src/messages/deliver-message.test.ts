import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type OutboxUnderTest, openOutbox } from '../../test/outbox-parts.ts'
import { createSealer } from '../crypto/seal.ts'
import { Abandoned, type Attempt, deliverMessage } from './deliver-message.ts'
import { claimMessage, findDueMessages, insertMessage, type MessageRow } from './message-store.ts'
import { LEASE_MS } from './retry-rules.ts'
import { sealMessage } from './sealed-message.ts'

const message = {
  userPoolId: 'p',
  userSub: 'sub-1',
  medium: 'EMAIL',
  to: 'canary@example.com',
  body: 'canary',
} as const

let parts: OutboxUnderTest
let row: MessageRow
beforeEach(async () => {
  parts = await openOutbox()
  const now = parts.clock.now()
  const message_sealed = sealMessage(parts.sealer, 'a', message)
  const stored = { id: 'a', user_pool_id: 'p', queue: 'EMAIL', message_sealed, created_at: now, due_at: now } as const
  await insertMessage(parts.database.db, stored)
  const [due] = await findDueMessages(parts.database.db, 'EMAIL', now, 1)
  row = { ...(due as MessageRow), attempts: 1 }
  await claimMessage(parts.database.db, due as MessageRow, 'mine', now + LEASE_MS)
})
afterEach(() => parts.close())

const stored = () => parts.database.db.selectFrom('messages').selectAll().executeTakeFirst()
const deliver = (changes: Partial<Attempt>) =>
  deliverMessage(
    { ...parts, queue: 'EMAIL', send: async () => {}, abandoned: new AbortController().signal, ...changes },
    row,
    'mine',
  )
const lines = () => parts.lines.map(({ msg, reason }) => [msg, reason])

test('the lease is renewed for as long as the sender takes, and no longer', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const before = (await stored())?.due_at ?? 0
  const delivering = deliver({ send: () => held, renewEveryMs: 5 })
  parts.clock.advance(LEASE_MS)
  for (let tries = 0; tries < 1000 && (await stored())?.due_at === before; tries++)
    await new Promise((resolve) => setTimeout(resolve, 5))
  expect((await stored())?.due_at).toBeGreaterThanOrEqual(before + LEASE_MS)
  expect(await findDueMessages(parts.database.db, 'EMAIL', parts.clock.now(), 1)).toEqual([])
  release()
  await delivering
  expect(await stored()).toBeUndefined()
  expect(lines()).toEqual([['message delivered', undefined]])
})

test('a sender that never answers has failed', async () => {
  await deliver({ send: () => new Promise(() => {}), attemptLimitMs: 20 })
  expect(await stored()).toMatchObject({ lease: '', attempts: 1 })
  expect(lines()).toEqual([['message not delivered yet', 'the sender did not answer']])
})

test('a message that the master key does not open waits, as the key may come back', async () => {
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
])('what a sender rejects with does not reach the log: %j', async (thrown, reason) => {
  await deliver({ send: () => Promise.reject(thrown) })
  expect(lines()).toEqual([['message not delivered yet', reason]])
  expect(JSON.stringify(parts.lines)).not.toContain('canary')
})

test('who lost the lease changes nothing', async () => {
  await parts.database.db.updateTable('messages').set({ lease: 'another' }).execute()
  const before = await stored()
  await deliver({})
  await deliver({ send: () => Promise.reject(new Error()) })
  expect(await stored()).toEqual(before)
})

test('what is abandoned stays claimed, whatever the sender says afterwards', async () => {
  const before = await stored()
  for (const fail of [() => {}, (reject: (error: Error) => void) => reject(new Error('closed'))]) {
    const abandoning = new AbortController()
    let reject: (error: Error) => void = () => {}
    const held = new Promise<void>((_, refuse) => {
      reject = refuse
    })
    const delivering = deliver({ send: () => held, abandoned: abandoning.signal })
    await new Promise((resolve) => setTimeout(resolve, 5))
    abandoning.abort()
    fail(reject)
    await expect(delivering).rejects.toBeInstanceOf(Abandoned)
    expect(await stored()).toEqual(before)
  }
  expect(lines()).toEqual([])
})
