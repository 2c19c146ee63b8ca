// One-time codes: made, sent, redeemed. A code is bound to a user, a pool and a purpose; only its MAC is stored; a
// newer one replaces it; five wrong tries void it; using it removes the row, so of many who try at once one succeeds
// (docs/reference/threats.md 8). docs/behaviour/sign-up.md.

import type { Context } from '../../context.ts'
import type { CodeDeliveryDetailsType } from '../../contract/cognito-idp.types.ts'
import { sixDigitCode } from '../../crypto/random-ids.ts'
import type { Db } from '../../database/database.ts'
import { codeSent } from '../../events.ts'
import { requireDelivery } from '../../messages/can-deliver.ts'
import { type Contact, deliveryDetails, mediumOf } from '../../messages/delivery-rules.ts'
import type { PreparedMessage } from '../../messages/outbox.ts'
import { codeLifetimes, limits } from '../limits.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { type StoredUser, touchUser } from '../users/user-store.ts'
import { type CodeRow, countTry, findCode, giveTryBack, replaceCode } from './code-store.ts'
import { type MessageKind, renderMessage } from './templates.ts'

/** `verify:` proves the value that a user has, `change:` one that replaces it once it is proven. */
export type CodePurpose = 'sign-up' | 'forgot-password' | `verify:${Contact}` | `change:${Contact}`

/** What a code is for that goes to an attribute of a user who is there already. */
export const attributePurpose = (attribute: Contact, pending: boolean): CodePurpose =>
  pending ? `change:${attribute}` : `verify:${attribute}`

export interface CodeRequest {
  pool: UserPool
  user: StoredUser
  purpose: CodePurpose
  /** Which template words the message. */
  message: MessageKind
  /** Where it goes: the attribute and its value (for a pending change, the new value). */
  attribute: Contact
  value: string
}

/** A code and its message, ready to be written. */
export interface PreparedCode {
  row: CodeRow
  message: PreparedMessage
  /** What the answer says of where it went. */
  details: CodeDeliveryDetailsType
}

/**
 * Draws a code and words and seals its message, before the transaction that writes both. Rejects with
 * CodeDeliveryFailureException when nothing is configured that delivers it.
 */
export async function prepareCode(context: Context, request: CodeRequest): Promise<PreparedCode> {
  const { pool, user, purpose, attribute, value } = request
  requireDelivery(context, mediumOf(attribute))
  const code = context.config.devCode ?? sixDigitCode((count) => context.random.bytes(count))
  const message = renderMessage({
    pool,
    kind: request.message,
    attribute,
    to: value,
    code,
    username: user.username,
    userSub: user.sub,
    config: context.config,
  })
  return {
    row: codeRow(context, request, context.sealer.mac('code', boundCode(pool, user, purpose, code))),
    message: context.outbox.prepare({ ...message, usefulForMs: codeLifetimes[purpose].max }),
    details: deliveryDetails(attribute, value),
  }
}

/**
 * Writes a code, in place of any earlier one of its purpose, and queues its message: two inserts in the caller's
 * transaction, which must write the user's row as well, so that no code outlives its user. Call `context.outbox.wake()`
 * when it has ended.
 */
export async function writeCode(context: Context, db: Db, { row, message }: PreparedCode): Promise<void> {
  await replaceCode(db, row)
  await context.outbox.enqueue(db, message)
}

/** Notes that a code was written and its message queued: when the transaction has ended. */
export function noteCode(context: Context, { row }: PreparedCode): void {
  const { user_pool_id: pool, user_sub: sub, purpose, attribute } = row
  codeSent(context, { pool, sub, purpose, attribute })
}

/** Sends a code where nothing else of the user changes; undefined when the user is gone. Rejects as prepareCode does. */
export async function sendCodeAlone(
  context: Context,
  request: CodeRequest,
): Promise<CodeDeliveryDetailsType | undefined> {
  const code = await prepareCode(context, request)
  const written = await context.database.transaction(async (db) => {
    if (!(await touchUser(db, request.pool.id, request.user.sub))) return false
    await writeCode(context, db, code)
    return true
  })
  if (!written) return undefined
  context.outbox.wake()
  noteCode(context, code)
  return code.details
}

/** The row of a code that no digits fit, for replaceCode: it is tried, runs out and is purged like any other. */
export const prepareDecoyCode = (
  context: Context,
  code: Pick<CodeRequest, 'pool' | 'purpose' | 'attribute' | 'value'> & { user: CodeOwner },
): CodeRow => codeRow(context, code, context.random.bytes(32))

function codeRow(
  context: Context,
  { pool, user, purpose, attribute, value }: Parameters<typeof prepareDecoyCode>[1],
  mac: Buffer,
): CodeRow {
  const now = context.clock.now()
  return {
    user_sub: user.sub,
    user_pool_id: pool.id,
    purpose,
    code_mac: mac.toString('base64url'),
    attribute,
    value_sealed: context.sealer.sealJson('code-value', value, `${pool.id} ${user.sub} ${purpose}`),
    created_at: now,
    expires_at: now + codeLifetimes[purpose].max,
    tries: 0,
  }
}

/** Whose code it is. A name that belongs to nobody has none, and finding that out must take as long. */
type CodeOwner = Pick<StoredUser, 'sub'>

/** A code that was right. `value` is what it was sent to. */
export interface RightCode {
  outcome: 'right'
  attribute: Contact
  value: string
  row: CodeRow
}

/** What came of a try at a code. */
export type CodeTry = RightCode | { outcome: 'wrong' | 'expired' }

/**
 * Tries a code without using it up: what is right may be tried again, or be used by `spendCode` within the transaction
 * that it is good for. A try is counted before it is evaluated, so of any number at once `limits.codeTries` wrong ones are
 * evaluated; after them the code is as good as expired. Not inside of a transaction, which might undo the count.
 */
export async function tryCode(
  context: Context,
  pool: UserPool,
  user: CodeOwner,
  purpose: CodePurpose,
  code: string,
): Promise<CodeTry> {
  const key = { userPoolId: pool.id, sub: user.sub, purpose }
  const row = await countTry(context.db, key, context.clock.now(), limits.codeTries.max)
  if (!row) return { outcome: 'expired' }
  const mac = Buffer.from(row.code_mac, 'base64url')
  if (!context.sealer.macMatches('code', boundCode(pool, user, purpose, code), mac)) return { outcome: 'wrong' }
  await giveTryBack(context.db, row)
  const value = openValue(context, pool, user, purpose, row)
  return value === undefined
    ? { outcome: 'expired' }
    : { outcome: 'right', attribute: row.attribute as Contact, value, row }
}

/** What the newest code for a purpose was sent to, whether or not it was tried too often; undefined when it expired. */
export async function liveCodeValue(
  context: Context,
  db: Db,
  pool: UserPool,
  user: CodeOwner,
  purpose: CodePurpose,
): Promise<string | undefined> {
  const row = await findCode(db, { userPoolId: pool.id, sub: user.sub, purpose })
  return row && row.expires_at > context.clock.now() ? openValue(context, pool, user, purpose, row) : undefined
}

const openValue = (
  context: Context,
  pool: UserPool,
  user: CodeOwner,
  purpose: CodePurpose,
  row: CodeRow,
): string | undefined =>
  context.sealer.openJson('code-value', row.value_sealed, `${pool.id} ${user.sub} ${purpose}`) as string | undefined

/** A code with all that it is good for: what is stored is the MAC of this. */
const boundCode = (pool: UserPool, user: CodeOwner, purpose: CodePurpose, code: string): string =>
  JSON.stringify([pool.id, user.sub, purpose, code])

/** Texts of CodeMismatchException and ExpiredCodeException (docs/reference/user-pools.md 3.3). */
export const CODE_MISMATCH_MESSAGE = 'Invalid verification code provided, please try again.'
export const CODE_EXPIRED_MESSAGE = 'Invalid code provided, please request a code again.'
