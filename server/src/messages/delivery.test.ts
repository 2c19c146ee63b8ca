import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { engines } from '../../test/harness.ts'
import { type OutboxOptions, type OutboxUnderTest, openOutbox, until } from '../../test/outbox-parts.ts'
import { type SmtpServer, startSmtpServer } from '../../test/smtp-server.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/open.ts'
import { DeliveryFailed, type Email, type Sms } from '../effects/effects.ts'
import { LEASE_MS, STOP_LIMIT_MS } from '../jobs/back-off-rules.ts'
import { SLOTS } from './delivery-queues.ts'
import { limits } from './limits.ts'
import type { OutgoingMessage } from './outbox.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function open(options: OutboxOptions = {}): Promise<OutboxUnderTest> {
  const parts = await openOutbox(options)
  closing.push(parts.close)
  return parts
}

async function smtp(port?: number): Promise<SmtpServer> {
  const server = await startSmtpServer(port)
  closing.push(server.close)
  return server
}

const email = (changes: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  userPoolId: 'us-east-1_Messages1',
  userSub: 'sub-1',
  medium: 'EMAIL',
  to: 'ada@example.com',
  subject: 'Your code',
  body: 'It is 123456.',
  code: '123456',
  ...changes,
})
const text = (changes: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  userPoolId: 'us-east-1_Messages1',
  userSub: 'sub-1',
  medium: 'SMS',
  to: '+491701234567',
  body: 'It is 123456.',
  ...changes,
})

const cause = { asker: 'administrator', proven: false } as const

async function queue(parts: OutboxUnderTest, ...messages: OutgoingMessage[]): Promise<void> {
  const prepared = await Promise.all(messages.map((message) => parts.outbox.prepare(message, cause)))
  await parts.database.transaction(async (db) => {
    for (const message of prepared) await parts.outbox.enqueue(db, message)
  })
  parts.outbox.wake()
}

const waiting = (parts: OutboxUnderTest) => parts.database.db.selectFrom('jobs').selectAll().execute()
const isEmpty = (parts: OutboxUnderTest) => until(async () => (await waiting(parts)).length === 0)
const logged = (parts: OutboxUnderTest, msg: string) => parts.lines.filter((line) => line['msg'] === msg)
/** Advances the clock by two hours, which ends every pause. */
const later = (parts: OutboxUnderTest) => {
  parts.clock.advance(2 * 60 * 60 * 1000)
  parts.outbox.wake()
}
/** A useful time longer than all pauses, so that the message does not expire during a test. */
const DAYS = 30 * 24 * 60 * 60 * 1000

describe.each(engines)('delivery on %s', (engine) => {
  test('starts on wake, and removes delivered messages', async () => {
    const emails: Email[] = []
    const texts: Sms[] = []
    const sendEmail = async (one: Email) => void emails.push(one)
    const sendSms = async (one: Sms) => void texts.push(one)
    const parts = await open({ engine, effects: { sendEmail, sendSms }, env: { MAIL_FROM: 'ours@example.com' } })
    await queue(
      parts,
      email(),
      email({ to: 'eve@example.com', from: 'Pool <pool@example.com>', replyTo: 'help@example.com' }),
      text(),
    )
    await isEmpty(parts)
    const id = expect.stringMatching(/^[\da-f-]{36}$/)
    expect(emails.sort((a, b) => (a.to < b.to ? -1 : 1))).toEqual([
      { id, from: 'ours@example.com', to: 'ada@example.com', subject: 'Your code', html: 'It is 123456.' },
      {
        id,
        from: 'Pool <pool@example.com>',
        replyTo: 'help@example.com',
        to: 'eve@example.com',
        subject: 'Your code',
        html: 'It is 123456.',
      },
    ])
    expect(texts).toEqual([{ id, to: '+491701234567', text: 'It is 123456.', userPoolId: 'us-east-1_Messages1' }])
    expect(await parts.outbox.captured(10)).toEqual([])
  })

  test('retries after a failure with growing back-off and the same id, and logs no content', async () => {
    const ids: string[] = []
    const sendEmail = async ({ id, to, html }: Email) => {
      ids.push(id)
      if (ids.length < 4) throw Object.assign(new Error(`550 no mailbox ${to}: ${html}`), { code: 'EENVELOPE' })
    }
    const parts = await open({ engine, effects: { sendEmail } })
    parts.clock.freeze()
    await queue(parts, email({ to: 'canary@example.com', body: 'canary', subject: 'canary', usefulForMs: DAYS }))
    const pauses: number[] = []
    for (let attempt = 1; attempt < 4; attempt++) {
      await until(() => logged(parts, 'message not delivered yet').length === attempt)
      const [row] = await waiting(parts)
      pauses.push((row?.due_at ?? 0) - parts.clock.now())
      expect(row?.attempts).toBe(attempt)
      later(parts)
    }
    await isEmpty(parts)
    expect(new Set(ids).size).toBe(1)
    expect(ids).toHaveLength(4)
    const [first = 0, second = 0, third = 0] = pauses
    expect(first).toBeGreaterThan(2_000)
    expect(first).toBeLessThan(6_500)
    expect(second).toBeLessThan(12_700)
    expect(third).toBeGreaterThan(12_500)
    expect(logged(parts, 'message not delivered yet')).toMatchObject([
      { attempts: 1, reason: 'EENVELOPE' },
      { attempts: 2 },
      { attempts: 3 },
    ])
    expect(JSON.stringify(parts.lines)).not.toContain('canary')
  })

  test('does not retry before the pause is over', async () => {
    let attempts = 0
    const sendSms = async () => {
      attempts++
      throw new DeliveryFailed('HTTP 503')
    }
    const parts = await open({ engine, effects: { sendSms } })
    await queue(parts, text())
    await until(() => logged(parts, 'message not delivered yet').length === 1)
    for (let i = 0; i < 10; i++) {
      parts.outbox.wake()
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(attempts).toBe(1)
  })

  test('gives up at once after a permanent failure', async () => {
    const sendEmail = async () => {
      throw new DeliveryFailed('SMTP EENVELOPE RCPT TO 550', true)
    }
    const parts = await open({ engine, effects: { sendEmail } })
    await queue(parts, email())
    await isEmpty(parts)
    expect(logged(parts, 'message given up')).toMatchObject([
      { attempts: 1, medium: 'EMAIL', reason: 'SMTP EENVELOPE RCPT TO 550' },
    ])
  })

  test('gives up after the last attempt', async () => {
    let attempts = 0
    const sendEmail = () => {
      attempts++
      throw new Error('canary')
    }
    const parts = await open({ engine, effects: { sendEmail } })
    await queue(parts, email({ usefulForMs: DAYS }))
    for (let attempt = 1; attempt < limits.attempts.max; attempt++) {
      await until(() => logged(parts, 'message not delivered yet').length === attempt)
      later(parts)
    }
    await isEmpty(parts)
    expect(attempts).toBe(limits.attempts.max)
    expect(logged(parts, 'message given up')).toMatchObject([{ attempts: limits.attempts.max, reason: 'Error' }])
    expect(JSON.stringify(parts.lines)).not.toContain('canary')
  })

  test('does not send an outdated message', async () => {
    let attempts = 0
    const parts = await open({ engine })
    const sendEmail = async () => void attempts++
    const sending = await open({ engine, database: parts.database, clock: parts.clock, effects: { sendEmail } })
    const prepared = await sending.outbox.prepare(email({ usefulForMs: 60_000 }), cause)
    await parts.database.transaction((db) => sending.outbox.enqueue(db, prepared))
    parts.clock.advance(60_001)
    sending.outbox.wake()
    await isEmpty(parts)
    expect(attempts).toBe(0)
    expect(logged(sending, 'message given up')).toMatchObject([{ reason: 'it is out of date' }])
  })

  test('a slow medium does not delay the other, and slots are bounded', async () => {
    let running = 0
    let most = 0
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const sendSms = async () => {
      most = Math.max(most, ++running)
      await held
      running--
    }
    const sent: string[] = []
    const sendEmail = async ({ to }: Email) => void sent.push(to)
    const parts = await open({ engine, effects: { sendSms, sendEmail } })
    await queue(parts, ...[...Array(3 * SLOTS).keys()].map((i) => text({ to: `+4917${i}` })))
    await until(() => running === SLOTS)
    await queue(parts, email())
    await until(() => sent.length === 1)
    await until(async () => (await waiting(parts)).length === 3 * SLOTS)
    release()
    await isEmpty(parts)
    expect(most).toBe(SLOTS)
  })

  test('close waits for deliveries in flight and starts no more', async () => {
    const sent: string[] = []
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const sendEmail = async ({ to }: Email) => {
      await held
      sent.push(to)
    }
    const parts = await open({ engine, effects: { sendEmail } })
    await queue(parts, ...[...Array(SLOTS + 5).keys()].map((i) => email({ to: `u${i}@example.com` })))
    await until(async () => (await waiting(parts)).filter(({ lease }) => lease !== '').length === SLOTS)
    const closed = parts.outbox.close()
    setTimeout(release, 30)
    await closed
    expect(sent).toHaveLength(SLOTS)
    expect(await waiting(parts)).toHaveLength(5)
    parts.outbox.wake()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(sent).toHaveLength(SLOTS)
  })

  test('many outboxes on one database deliver each message once', async () => {
    const sent: string[] = []
    const sendEmail = async ({ to }: Email) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
      sent.push(to)
    }
    const first = await open({ engine, effects: { sendEmail } })
    let database: Database = { ...first.database, exclusive: false }
    if (first.url !== undefined) {
      database = await openDatabase({ engine: 'postgres', url: first.url, connections: 8 }, () => {})
      closing.push(database.close)
    }
    const second = await open({ database, clock: first.clock, effects: { sendEmail } })
    await queue(first, ...[...Array(200).keys()].map((i) => email({ to: `u${i}@example.com` })))
    second.outbox.wake()
    await isEmpty(first)
    expect(sent).toHaveLength(200)
    expect(new Set(sent).size).toBe(200)
    const delivered = [first, second].map((parts) => logged(parts, 'message delivered').length)
    expect(delivered[0]).toBeGreaterThan(0)
    expect(delivered[1]).toBeGreaterThan(0)
  })

  test('a message that a crashed process had claimed is delivered by the next', async () => {
    const first = await open({ engine, effects: { sendEmail: () => new Promise(() => {}) } })
    // As after a crash: nothing waits for the delivery in flight.
    closing.splice(closing.indexOf(first.close), 1, () => first.database.close())
    await queue(first, email())
    await until(async () => (await waiting(first))[0]?.lease !== '')
    const sent: string[] = []
    const sendEmail = async ({ to }: Email) => void sent.push(to)
    const second = await open({ database: first.database, clock: first.clock, effects: { sendEmail } })
    if (engine === 'postgres') {
      // Another process may hold the lease: it has to run out.
      first.clock.advance(LEASE_MS - 10_000)
      second.outbox.wake()
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(sent).toEqual([])
      first.clock.advance(10_000)
      second.outbox.wake()
    }
    await isEmpty(second)
    expect(sent).toEqual(['ada@example.com'])
  })
})

describe('by SMTP', () => {
  test('a temporary refusal by the mail server is retried, a refusal of the recipient is not', async () => {
    const server = await smtp()
    const parts = await open({ env: { SMTP_URL: server.url } })
    server.reply = (command) =>
      command.startsWith('RCPT') && !command.includes('gone') ? '451 4.3.0 try later' : undefined
    await queue(parts, email())
    await until(() => logged(parts, 'message not delivered yet').length === 1)
    expect(server.mails).toHaveLength(0)
    server.reply = (command) => (command.includes('gone@') ? '550 5.1.1 <gone@example.com> unknown' : undefined)
    later(parts)
    await isEmpty(parts)
    expect(server.mails.map(({ recipients }) => recipients)).toEqual([['ada@example.com']])

    await queue(parts, email({ to: 'gone@example.com' }))
    await isEmpty(parts)
    expect(server.mails).toHaveLength(1)
    expect(logged(parts, 'message given up')).toMatchObject([{ reason: 'SMTP EENVELOPE RCPT TO 550', attempts: 1 }])
    expect(JSON.stringify(parts.lines)).not.toMatch(/example\.com|123456/)
  })

  test('a stop waits a few seconds for a hanging mail server; the message is retried when its lease expires', async () => {
    const server = await smtp()
    server.reply = (command) => (command.startsWith('MAIL') ? 'hang' : undefined)
    const parts = await open({ env: { SMTP_URL: server.url } })
    await queue(parts, email())
    await until(() => server.commands.some((command) => command.startsWith('MAIL')))
    const startedAt = performance.now()
    await parts.outbox.close()
    expect(performance.now() - startedAt).toBeGreaterThan(STOP_LIMIT_MS - 100)
    expect(await waiting(parts)).toMatchObject([{ attempts: 1, lease: expect.stringMatching(/./) }])
    expect(logged(parts, 'job abandoned at the stop; it runs again when its lease expires')).toHaveLength(1)

    server.reply = () => undefined
    const next = await open({ env: { SMTP_URL: server.url }, database: parts.database, clock: parts.clock })
    await isEmpty(next)
    expect(server.mails).toHaveLength(1)
  }, 15_000)

  test('a message queued before a crash is delivered after the restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'outbox-'))
    closing.push(() => rm(folder, { recursive: true }))
    const file = { engine: 'sqlite', path: join(folder, 'cognomen.db') } as const
    const port = await freePort()
    const env = { SMTP_URL: `smtp://127.0.0.1:${port}` }

    // Nobody listens there; the process ends without closing anything but, as the kernel would, the file.
    const database = await openDatabase(file, () => {})
    const before = await openOutbox({ env, database })
    await queue(before, email(), email({ to: 'eve@example.com' }))
    await until(() => logged(before, 'message not delivered yet').length === 2)
    await before.database.db.destroy()

    const server = await smtp(port)
    const reopened = await openDatabase(file, () => {})
    closing.push(() => reopened.close())
    const after = await open({ env, database: reopened })
    later(after)
    await isEmpty(after)
    expect(server.mails.flatMap(({ recipients }) => recipients).sort()).toEqual(['ada@example.com', 'eve@example.com'])
    await before.close()
  })
})

async function freePort(): Promise<number> {
  const server = await startSmtpServer()
  await server.close()
  return Number(new URL(server.url).port)
}
