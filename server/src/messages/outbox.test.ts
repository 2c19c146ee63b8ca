import { randomBytes } from 'node:crypto'
import { type Compilable, CompiledQuery } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { engines } from '../../test/harness.ts'
import { type OutboxUnderTest, openOutbox } from '../../test/outbox-parts.ts'
import { createSealer } from '../crypto/seal.ts'
import { insertJob } from '../jobs/job-store.ts'
import { canDeliver } from './can-deliver.ts'
import { limits } from './limits.ts'
import { createOutbox, type OutgoingMessage } from './outbox.ts'

const message = (changes: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  userPoolId: 'us-east-1_Messages1',
  userSub: 'sub-1',
  medium: 'EMAIL',
  to: 'ada@example.com',
  subject: 'Your code',
  body: 'It is 123456.',
  code: '123456',
  ...changes,
})
const sms = (to: string): OutgoingMessage => ({
  userPoolId: 'us-east-1_Messages1',
  userSub: 'sub-1',
  medium: 'SMS',
  to,
  body: 'x',
})

const cause = { asker: 'administrator', proven: false } as const

describe.each(engines)('captured messages on %s', (engine) => {
  let parts: OutboxUnderTest
  beforeEach(async () => {
    parts = await openOutbox({ engine })
  })
  afterEach(() => parts.close())
  const send = async (changes?: Partial<OutgoingMessage>) =>
    parts.outbox.enqueue(parts.database.db, await parts.outbox.prepare(message(changes), cause))

  test('are kept as they were queued, newest first', async () => {
    parts.clock.freeze()
    await send({ usefulForMs: 5 })
    await send({ to: 'eve@example.com' })
    const captured = await parts.outbox.captured(10)
    expect(captured.map(({ to }) => to)).toEqual(['eve@example.com', 'ada@example.com'])
    const { id, createdAt, ...rest } = captured[1] as (typeof captured)[0]
    const { userSub: _, ...shown } = message()
    expect(rest).toEqual(shown)
    expect(createdAt).toBe(parts.clock.now())
    expect(await parts.outbox.capturedById(id)).toEqual({ ...shown, id, createdAt })
    expect(await parts.outbox.capturedById('nothing')).toBeUndefined()
  })

  test('keep their order when the clock stands still', async () => {
    const now = parts.clock.now()
    parts.clock.now = () => now
    for (let i = 0; i < 150; i++) await send({ subject: String(i) })
    const subjects = (await parts.outbox.captured(1000)).map(({ subject }) => Number(subject))
    expect(subjects).toEqual([...Array(150).keys()].reverse())
    expect((await parts.outbox.captured(3)).map(({ subject }) => subject)).toEqual(['149', '148', '147'])
  })

  test('are found by destination, however old', async () => {
    await send({ subject: 'first' })
    for (let i = 0; i < 120; i++) await send({ to: 'eve@example.com' })
    await parts.outbox.enqueue(parts.database.db, await parts.outbox.prepare(sms('+491701234567'), cause))
    expect((await parts.outbox.captured(5, 'ada@example.com')).map(({ subject }) => subject)).toEqual(['first'])
    expect(await parts.outbox.captured(500, 'eve@example.com')).toHaveLength(120)
    expect((await parts.outbox.captured(5, '+491701234567'))[0]?.medium).toBe('SMS')
    expect(await parts.outbox.captured(5, 'nobody@example.com')).toEqual([])
  })

  test('belong to the transaction that caused them', async () => {
    const prepared = await parts.outbox.prepare(message(), cause)
    const failing = parts.database.transaction(async (db) => {
      await parts.outbox.enqueue(db, prepared)
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect(await parts.outbox.captured(10)).toEqual([])
  })

  test('are bounded in number and age', async () => {
    const { database, clock } = parts
    const start = clock.now()
    clock.now = () => start
    await database.transaction(async (db) => {
      for (let i = 0; i < limits.captured.max + 20; i++) {
        const row = { owner: `s${i % 7}`, id: `m${i}`, queue: 'captured', payload: '', created_at: start }
        await insertJob(db, { ...row, due_at: start + i })
      }
    })
    const left = async () =>
      (await database.db.selectFrom('jobs').select('id').orderBy('due_at').execute()).map(({ id }) => id)
    await parts.outbox.prune()
    expect(await left()).toHaveLength(limits.captured.max)
    expect((await left())[0]).toBe('m20')
    clock.now = () => start + limits.keptFor.max + 520
    await parts.outbox.prune()
    expect(await left()).toHaveLength(limits.captured.max - 500)
    expect((await left())[0]).toBe('m520')
  })

  test('messages undelivered for days, as their medium has no sender any more, are removed with a log line', async () => {
    const { database, clock } = parts
    const row = { owner: 's', payload: '', created_at: 0, due_at: clock.now() }
    await insertJob(database.db, { ...row, id: 'a', queue: 'EMAIL' })
    await insertJob(database.db, { ...row, id: 'b', queue: 'SMS' })
    clock.advance(limits.keptFor.max - 10_000)
    await parts.outbox.prune()
    expect(await database.db.selectFrom('jobs').select('id').execute()).toHaveLength(2)
    clock.advance(20_000)
    await parts.outbox.prune()
    expect(await database.db.selectFrom('jobs').select('id').execute()).toHaveLength(0)
    expect(parts.lines.filter((line) => line['dropped'] === 1).map((line) => line['medium'])).toEqual(['EMAIL', 'SMS'])
  })

  test('addresses, codes and bodies are not readable in the database', async () => {
    await send({
      to: 'canary-address@example.com',
      subject: 'canary-subject',
      body: 'canary-body',
      code: 'canary-code',
    })
    const rows = JSON.stringify(await parts.database.db.selectFrom('jobs').selectAll().execute())
    expect(rows).not.toContain('canary')
    for (const text of ['canary-address', 'canary-body'])
      expect(rows).not.toContain(Buffer.from(text).toString('base64url').slice(0, -2))
  })

  test('a message sealed under another master key is skipped', async () => {
    await send()
    const stranger = createOutbox({
      ...parts,
      sealer: createSealer({ current: randomBytes(32) }),
    })
    expect(await stranger.captured(10)).toEqual([])
  })

  test.runIf(engine === 'sqlite')('statements read one range of the index, in its order', async () => {
    const { db } = parts.database
    const plan = async (statement: Compilable) => {
      const { sql, parameters } = statement.compile()
      const { rows } = await db.executeQuery(CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]))
      return rows.map((row) => (row as { detail: string }).detail)
    }
    const messages = db.selectFrom('jobs').selectAll()
    const due = messages.where('queue', '=', 'EMAIL').where('due_at', '<=', 5).orderBy('due_at').orderBy('id')
    expect(await plan(due)).toEqual(['SEARCH jobs USING INDEX jobs_by_queue (queue=? AND due_at<?)'])
    const newest = messages.where('queue', '=', 'captured').orderBy('due_at', 'desc').orderBy('id', 'desc')
    expect(await plan(newest)).toEqual(['SEARCH jobs USING INDEX jobs_by_queue (queue=?)'])
  })
})

describe('what is refused', () => {
  test('a message without exactly one destination is an internal error that does not contain the content', async () => {
    const parts = await openOutbox()
    await expect(parts.outbox.prepare(message({ to: 'a@example.com,b@example.com' }), cause)).rejects.toThrow(
      new Error('A message for user pool us-east-1_Messages1 was refused: its destination is not one e-mail address.'),
    )
    await expect(parts.outbox.prepare(sms('+49170,+49171'), cause)).rejects.toThrow(
      'not one phone number in E.164 form',
    )
    await expect(parts.outbox.prepare(message({ subject: 'a\r\nBcc: b@example.com' }), cause)).rejects.toThrow(
      'its subject has characters',
    )
    expect(await parts.outbox.captured(10)).toEqual([])
    await parts.close()
  })

  test('in production, a medium without a sender', async () => {
    const parts = await openOutbox({ env: { NODE_ENV: 'production' } })
    const name = 'CodeDeliveryFailureException'
    await expect(parts.outbox.prepare(message(), cause)).rejects.toThrow(
      expect.objectContaining({ name, message: 'No delivery of e-mail is configured: set SMTP_URL.' }),
    )
    await expect(parts.outbox.prepare(sms('+49170'), cause)).rejects.toThrow(
      expect.objectContaining({ name, message: 'No delivery of SMS is configured: set SMS_URL or SNS_ENDPOINT.' }),
    )
    await parts.close()
  })

  test('canDeliver: in development always, in production by what is configured', () => {
    const development = { config: { production: false }, sendEmail: undefined, sendSms: undefined }
    const production = { ...development, config: { production: true } }
    const send = async () => {}
    expect([canDeliver(development, 'EMAIL'), canDeliver(development, 'SMS')]).toEqual([true, true])
    expect([canDeliver(production, 'EMAIL'), canDeliver(production, 'SMS')]).toEqual([false, false])
    expect([
      canDeliver({ ...production, sendEmail: send }, 'EMAIL'),
      canDeliver({ ...production, sendEmail: send }, 'SMS'),
    ]).toEqual([true, false])
    expect([
      canDeliver({ ...production, sendSms: send }, 'EMAIL'),
      canDeliver({ ...production, sendSms: send }, 'SMS'),
    ]).toEqual([false, true])
  })
})
