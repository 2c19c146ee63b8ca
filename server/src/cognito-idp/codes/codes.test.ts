import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { type OutboxUnderTest, openOutbox, poolWith } from '../../../test/outbox-parts.ts'
import type { Context } from '../../context.ts'
import { createSealer } from '../../crypto/seal.ts'
import { limits } from '../limits.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { StoredUser } from '../users/user-store.ts'
import { replaceCode, spendCode } from './code-store.ts'
import {
  type CodeRequest,
  liveCodeValue,
  prepareCode,
  prepareDecoyCode,
  type StandingPurpose,
  sendCodeAlone,
  tryCode,
  writeCode,
} from './codes.ts'

const HOUR = 60 * 60 * 1000
const pool = poolWith()
const user = { sub: '11111111-2222-4333-8444-555555555555', username: 'ada', attributes: {} } as StoredUser
const PURPOSES: readonly StandingPurpose[] = ['sign-up', 'forgot-password', 'verify:email', 'change:email']

const contextOf = (parts: OutboxUnderTest, changes: Partial<Context> = {}) =>
  ({
    ...parts.effects,
    config: parts.config,
    log: parts.log,
    clock: parts.clock,
    sealer: parts.sealer,
    db: parts.database.db,
    database: parts.database,
    outbox: parts.outbox,
    ...changes,
  }) as Context

/** Prepares a code and writes it, as operations do. */
async function sendCode(
  context: Context,
  request: Omit<CodeRequest, 'asker' | 'purpose'> & { purpose: StandingPurpose },
) {
  const code = await prepareCode(context, { ...request, asker: 'administrator' })
  await context.database.transaction((db) => writeCode(context, db, code))
  return code.details
}

describe.each(engines)('codes on %s', (engine) => {
  let parts: OutboxUnderTest
  let context: Context
  beforeEach(async () => {
    parts = await openOutbox({ engine })
    context = contextOf(parts)
  })
  afterEach(() => parts.close())

  async function send(
    purpose: StandingPurpose = 'sign-up',
    changes: { pool?: UserPool; user?: StoredUser; value?: string } = {},
  ): Promise<string> {
    const value = changes.value ?? 'ada@example.com'
    await sendCode(context, { pool, user, purpose, message: 'sign-up', attribute: 'email', value, ...changes })
    return (await parts.outbox.captured(1, value))[0]?.code as string
  }
  const tried = (code: string, purpose: StandingPurpose = 'sign-up', ofPool = pool, ofUser = user) =>
    tryCode(context, ofPool, ofUser, purpose, code, undefined)
  /** A try, without the row that a right one comes with. */
  async function check(...of: Parameters<typeof tried>) {
    const outcome = await tried(...of)
    if (outcome.outcome !== 'right') return outcome
    const { row: _, ...rest } = outcome
    return rest
  }
  /** A try, and the use of what was right. */
  async function redeem(code: string, purpose: StandingPurpose = 'sign-up') {
    const outcome = await tried(code, purpose)
    if (outcome.outcome !== 'right') return outcome
    const { row, ...rest } = outcome
    return (await parts.database.transaction((db) => spendCode(db, row))) ? rest : ({ outcome: 'expired' } as const)
  }
  const triesOf = async () => (await context.db.selectFrom('codes').select('tries').executeTakeFirst())?.tries
  const another = (code: string) => (code === '000000' ? '000001' : '000000')
  const right = { outcome: 'right', attribute: 'email', value: 'ada@example.com' }

  test('six digits, sent to the address and redeemed once', async () => {
    const details = await sendCode(context, {
      pool,
      user,
      purpose: 'sign-up',
      message: 'sign-up',
      attribute: 'email',
      value: 'ada@example.com',
    })
    expect(details).toEqual({ AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'a***@e***' })
    const [message] = await parts.outbox.captured(1)
    const code = message?.code as string
    expect(code).toMatch(/^\d{6}$/)
    expect(message?.body).toBe(`Your verification code is ${code}. `)
    expect(await check(code)).toEqual(right)
    expect(await check(code)).toEqual(right)
    expect(await redeem(code)).toEqual(right)
    expect(await redeem(code)).toEqual({ outcome: 'expired' })
    expect(await check(code)).toEqual({ outcome: 'expired' })
  })

  test('a wrong code does not use up the right one', async () => {
    const code = await send()
    for (const wrong of [another(code), '', code.slice(1), `${code}0`])
      expect(await redeem(wrong)).toEqual({ outcome: 'wrong' })
    expect(await redeem(code)).toEqual(right)
    const next = await send()
    for (const wrong of [` ${next}`, 'x'.repeat(5000)]) expect(await redeem(wrong)).toEqual({ outcome: 'wrong' })
    expect(await redeem(next)).toEqual(right)
  })

  test('the fifth wrong try voids a code; a new one has five tries of its own', async () => {
    const code = await send()
    for (let i = 0; i < limits.codeTries.max; i++) expect(await check(another(code))).toEqual({ outcome: 'wrong' })
    for (const any of [another(code), code]) expect(await redeem(any)).toEqual({ outcome: 'expired' })
    // The value that it was sent to can still be read, so that another code can be sent there.
    expect(await liveCodeValue(context, context.db, pool, user, 'sign-up')).toBe('ada@example.com')
    const next = await send()
    for (let i = 1; i < limits.codeTries.max; i++) expect(await check(another(next))).toEqual({ outcome: 'wrong' })
    expect(await redeem(next)).toEqual(right)
  })

  test('right tries do not count against the limit', async () => {
    const code = await send()
    for (let i = 0; i < 3 * limits.codeTries.max; i++) expect(await check(code)).toEqual(right)
    expect(await triesOf()).toBe(0)
  })

  test('of 500 concurrent wrong tries five are evaluated', async () => {
    const code = await send()
    let evaluated = 0
    const macMatches: typeof context.sealer.macMatches = (...of) => {
      evaluated++
      return parts.sealer.macMatches(...of)
    }
    context = contextOf(parts, { sealer: { ...parts.sealer, macMatches } })
    const outcomes = (await Promise.all([...Array(500).keys()].map(() => check(another(code))))).map(
      ({ outcome }) => outcome,
    )
    expect(evaluated).toBe(limits.codeTries.max)
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(limits.codeTries.max)
    expect(outcomes.filter((outcome) => outcome === 'expired')).toHaveLength(500 - limits.codeTries.max)
    expect(await redeem(code)).toEqual({ outcome: 'expired' })
  })

  test('a code that was tried and then replaced cannot be spent, even if the new one has the same digits', async () => {
    context = contextOf(parts, { config: { ...context.config, devCode: '123456' } })
    await send('change:email', { value: 'first@example.com' })
    const outcome = await tried('123456', 'change:email')
    await send('change:email', { value: 'second@example.com' })
    if (outcome.outcome !== 'right') throw new Error('The code must be right.')
    expect(await spendCode(context.db, outcome.row)).toBe(false)
    expect(await redeem('123456', 'change:email')).toMatchObject({ value: 'second@example.com' })
  })

  test('a decoy code is tried like any other and matches no digits', async () => {
    const code = { pool, user, purpose: 'forgot-password', attribute: 'email', value: 'a@g' } as const
    await replaceCode(parts.database.db, prepareDecoyCode(context, code))
    const outcomes: string[] = []
    for (let i = 0; i < 7; i++) outcomes.push((await check(`00000${i}`, 'forgot-password')).outcome)
    expect(outcomes).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'expired', 'expired'])
    expect(await parts.outbox.captured(10)).toEqual([])
  })

  test('no code is left for a deleted user', async () => {
    const to = { attribute: 'email', value: 'a@example.com', asker: 'administrator' } as const
    const request = { pool, user, purpose: 'sign-up', message: 'resend', ...to } as const
    expect(await sendCodeAlone(context, request)).toBeUndefined()
    expect(await context.db.selectFrom('codes').selectAll().execute()).toEqual([])
    expect(await context.db.selectFrom('jobs').selectAll().execute()).toEqual([])
  })

  test.each([
    ['sign-up', 24 * HOUR],
    ['forgot-password', HOUR],
    ['verify:email', 24 * HOUR],
    ['change:email', 24 * HOUR],
  ] as const)('a code for %s is good for %d ms', async (purpose, lifetime) => {
    const start = parts.clock.now()
    parts.clock.now = () => start
    const code = await send(purpose)
    parts.clock.now = () => start + lifetime - 1
    expect(await check(code, purpose)).toEqual(right)
    expect(await liveCodeValue(context, context.db, pool, user, purpose)).toBe('ada@example.com')
    parts.clock.now = () => start + lifetime
    expect(await check(code, purpose)).toEqual({ outcome: 'expired' })
    expect(await redeem(code, purpose)).toEqual({ outcome: 'expired' })
    expect(await liveCodeValue(context, context.db, pool, user, purpose)).toBeUndefined()
  })

  test('a newer code voids the older one of the same purpose only', async () => {
    const first = await send('sign-up')
    const reset = await send('forgot-password')
    let second = await send('sign-up')
    while (second === first) second = await send('sign-up')
    expect(await check(first)).toEqual({ outcome: 'wrong' })
    expect(await check(second)).toEqual(right)
    expect(await check(reset, 'forgot-password')).toEqual(right)
  })

  test('a code is good for its purpose, user and pool only', async () => {
    context = contextOf(parts, { config: { ...context.config, devCode: '123456' } })
    const otherUser = { ...user, sub: '99999999-2222-4333-8444-555555555555' }
    const otherPool = { ...pool, id: 'us-east-1_Other0000' }
    for (const purpose of PURPOSES) {
      const code = await send(purpose)
      expect(code).toBe('123456')
      for (const other of PURPOSES.filter((one) => one !== purpose))
        expect(await check(code, other)).toEqual({ outcome: 'expired' })
      expect(await check(code, purpose, pool, otherUser)).toEqual({ outcome: 'expired' })
      expect(await check(code, purpose, otherPool)).toEqual({ outcome: 'expired' })
      expect(await redeem(code, purpose)).toEqual(right)
    }
    // A row moved to another user or pool opens nothing there.
    await send('sign-up')
    await context.db.updateTable('codes').set({ user_sub: otherUser.sub }).execute()
    expect(await check('123456', 'sign-up', pool, otherUser)).toEqual({ outcome: 'wrong' })
  })

  test('of 100 concurrent requests that spend one code, one succeeds', async () => {
    const code = await send()
    const outcomes = (await Promise.all([...Array(100).keys()].map(() => redeem(code)))).map(({ outcome }) => outcome)
    expect(outcomes.filter((outcome) => outcome === 'right')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'expired')).toHaveLength(99)
  })

  test('a code survives a change of the master key, and nothing of it is readable', async () => {
    const [old, fresh] = [randomBytes(32), randomBytes(32)]
    const before = await openOutbox({ database: parts.database, sealer: createSealer({ current: old }) })
    context = contextOf(before)
    await sendCode(context, {
      pool,
      user,
      purpose: 'sign-up',
      message: 'sign-up',
      attribute: 'email',
      value: 'ada@example.com',
    })
    const code = (await before.outbox.captured(1))[0]?.code as string
    await before.close()
    const rows = JSON.stringify(await context.db.selectFrom('codes').selectAll().execute())
    expect(rows).not.toContain(code)
    expect(rows).not.toContain('ada@example.com')
    context = contextOf(parts, { sealer: createSealer({ current: fresh, previous: [old] }) })
    expect(await check(another(code))).toEqual({ outcome: 'wrong' })
    expect(await check(code)).toEqual(right)
    context = contextOf(parts, { sealer: createSealer({ current: fresh }) })
    expect(await check(code)).toEqual({ outcome: 'wrong' })
  })

  test('goes to a phone as well', async () => {
    const details = await sendCode(context, {
      pool,
      user,
      purpose: 'verify:phone_number',
      message: 'verify-attribute',
      attribute: 'phone_number',
      value: '+15550009934',
    })
    expect(details).toEqual({ AttributeName: 'phone_number', DeliveryMedium: 'SMS', Destination: '+*******9934' })
    expect((await parts.outbox.captured(1))[0]).toMatchObject({ medium: 'SMS', to: '+15550009934' })
  })
})

test('without delivery in production nothing is written', async () => {
  const parts = await openOutbox({ env: { NODE_ENV: 'production' } })
  const context = contextOf(parts)
  const request = { pool, user, purpose: 'sign-up', message: 'sign-up' } as const
  const sending = sendCode(context, { ...request, attribute: 'email', value: 'ada@example.com' })
  await expect(sending).rejects.toMatchObject({
    name: 'CodeDeliveryFailureException',
    message: 'No delivery of e-mail is configured: set SMTP_URL.',
  })
  expect(await context.db.selectFrom('codes').selectAll().execute()).toEqual([])
  await parts.close()
})

test('the message is worth delivering as long as its code is good', async () => {
  const sent: string[] = []
  const parts = await openOutbox({ effects: { sendEmail: async ({ to }) => void sent.push(to) } })
  const context = contextOf(parts)
  const request = { pool, user, message: 'forgot-password', attribute: 'email', value: 'ada@example.com' } as const
  await parts.outbox.close()
  await sendCode(context, { ...request, purpose: 'forgot-password' })
  parts.clock.advance(HOUR)
  const later = await openOutbox({
    database: parts.database,
    clock: parts.clock,
    sealer: parts.sealer,
    effects: { sendEmail: async ({ to }) => void sent.push(to) },
  })
  later.outbox.wake()
  for (let tries = 0; tries < 500 && (await context.db.selectFrom('jobs').select('id').execute()).length > 0; tries++)
    await new Promise((resolve) => setTimeout(resolve, 5))
  expect(later.lines).toMatchObject([{ msg: 'message given up', reason: 'it is out of date' }])
  expect(sent).toEqual([])
  await later.close()
  await parts.close()
})
