// One-time codes: drawn, sent, tried, spent. A code is bound to a user, a pool and a purpose. Only its MAC is stored; a
// newer code replaces it; five wrong tries void it; spending it deletes the row, so that of concurrent requests with
// the same code one succeeds (docs/reference/threats.md 8; docs/behaviour/sign-up.md). The message's text is
// templates.ts, its delivery messages/; how many codes a user may ask for is attempts/.

import { forgiveTry } from '../../budgets/tries.ts'
import type { Context } from '../../context.ts'
import type { CodeDeliveryDetailsType } from '../../contract/cognito-idp.types.ts'
import { sixDigitCode } from '../../crypto/random-ids.ts'
import type { Db } from '../../database/database.ts'
import { wasMade } from '../../effects/time-rules.ts'
import { codeSent } from '../../events.ts'
import { type Contact, deliveryDetails } from '../../messages/delivery-rules.ts'
import type { Asker } from '../../messages/message-budgets.ts'
import type { PreparedMessage } from '../../messages/outbox.ts'
import { isUnknown } from '../attempts/attempts.ts'
import { codeLifetimes, limits } from '../limits.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { type StoredUser, touchUser } from '../users/user-store.ts'
import { type CodeRow, countTry, findCode, giveTryBack, replaceCode } from './code-store.ts'
import { countCodeTry } from './code-tries.ts'
import { prepareMessage } from './prepare-message.ts'
import type { MessageKind } from './templates.ts'

/** `verify:` proves the attribute's present value, `change:` a pending value, which replaces it once proven. */
export type StandingPurpose = 'sign-up' | 'forgot-password' | `verify:${Contact}` | `change:${Contact}`

/** A user has one code for each purpose. A sign-in's purpose has an id, as each sign-in has a code of its own. */
export type CodePurpose = StandingPurpose | SignInPurpose

export type SignInPurpose = `sign-in:${string}`

/** The purpose of a code that verifies an attribute; `pending`: its value waits for verification to replace the old. */
export const attributePurpose = (attribute: Contact, pending: boolean): StandingPurpose =>
  pending ? `change:${attribute}` : `verify:${attribute}`

export type CodeRequest = CodeContent & Purposed

/** The purpose of a code; the code of a sign-in lives as long as its session, `livesMs` (milliseconds). */
export type Purposed = { purpose: StandingPurpose } | { purpose: SignInPurpose; livesMs: number }

const lifetimeMs = (code: Purposed): number => ('livesMs' in code ? code.livesMs : codeLifetimes[code.purpose].max)

interface CodeContent {
  pool: UserPool
  user: Pick<StoredUser, 'sub' | 'username' | 'status' | 'attributes'>
  /** Which template the message is rendered from. */
  message: MessageKind
  /** Where the code is sent: the attribute and its value (for a pending change, the new value). */
  attribute: Contact
  value: string
  asker: Asker
  /** For the triggers of the message: see MessageToUser. */
  clientId?: string | undefined
  clientMetadata?: Record<string, string> | undefined
}

/** A code and its message, ready to be written. */
export interface PreparedCode {
  row: CodeRow
  message: PreparedMessage
  /** CodeDeliveryDetails of the response. */
  details: CodeDeliveryDetailsType
}

/**
 * Draws a code, words and seals its message; run it before the transaction that writes both. Rejects as `prepareMessage`
 * does: with CodeDeliveryFailureException, BudgetSpent, or the error of a trigger.
 */
export async function prepareCode(context: Context, request: CodeRequest): Promise<PreparedCode> {
  const { pool, user, purpose, attribute, value, asker, clientId, clientMetadata } = request
  const code = context.config.devCode ?? sixDigitCode((count) => context.random.bytes(count))
  const message = {
    pool,
    user,
    kind: request.message,
    attribute,
    to: value,
    code,
    username: user.username,
    clientId,
    clientMetadata,
    usefulForMs: lifetimeMs(request),
  }
  return {
    row: codeRow(context, request, context.sealer.mac('code', boundCode(pool, user, purpose, code))),
    message: await prepareMessage(context, message, { asker, proven: isProven(request) }),
    details: deliveryDetails(attribute, value),
  }
}

/**
 * Whether the user has proven the address. A password is reset at a verified one only (sign-up/recovery-rules.ts);
 * `verify:` and the codes of sign-ins may go to one that is not.
 */
const isProven = ({ purpose, user, attribute }: CodeRequest): boolean =>
  purpose === 'forgot-password' ||
  ((purpose === `verify:${attribute}` || isOfSignIn(purpose)) && user.attributes[`${attribute}_verified`] === 'true')

/**
 * Writes a code, in place of any earlier one of its purpose, and queues its message: two inserts in the caller's
 * transaction, which must write the user's row as well, so that no code outlives its user. Call `context.outbox.wake()`
 * after the transaction.
 */
export async function writeCode(context: Context, db: Db, { row, message }: PreparedCode): Promise<void> {
  await replaceCode(db, row)
  await context.outbox.enqueue(db, message)
}

/** Records the event that a code was written and its message queued; call it after the transaction. */
export function noteCode(context: Context, { row }: PreparedCode): void {
  const { user_pool_id: pool, user_sub: sub, purpose, attribute } = row
  codeSent(context, { pool, sub, purpose: withoutId(purpose), attribute })
}

/** `sign-in:` without its id, for the log. */
export const withoutId = (purpose: string): string => (isOfSignIn(purpose) ? 'sign-in' : purpose)

const isOfSignIn = (purpose: string): boolean => purpose.startsWith('sign-in:')

/** Sends a code in a transaction of its own; undefined when the user is deleted. Rejects as prepareCode does. */
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

/** The row of a code that no digits match, for replaceCode: it is tried, expires and is purged like any other. */
export const prepareDecoyCode = (
  context: Context,
  code: Pick<CodeContent, 'pool' | 'attribute' | 'value'> & Purposed & { user: CodeOwner },
): CodeRow => codeRow(context, code, context.random.bytes(32))

function codeRow(context: Context, code: Parameters<typeof prepareDecoyCode>[1], mac: Buffer): CodeRow {
  const { pool, user, purpose, attribute, value } = code
  const now = context.clock.now()
  return {
    user_sub: user.sub,
    user_pool_id: pool.id,
    purpose,
    code_mac: mac.toString('base64url'),
    attribute,
    value_sealed: context.sealer.sealJson('code-value', value, `${pool.id} ${user.sub} ${purpose}`),
    created_at: now,
    expires_at: now + lifetimeMs(code),
    tries: 0,
  }
}

/**
 * The user of a code. An unknown user has a subjectOfUnknown in place of the sub, so that a try takes the same time.
 */
type CodeOwner = Pick<StoredUser, 'sub'>

/** A code that was right. `value` is what it was sent to. */
export interface RightCode {
  outcome: 'right'
  attribute: Contact
  value: string
  row: CodeRow
}

/** The outcome of a try at a code. */
export type CodeTry = RightCode | { outcome: 'wrong' | 'expired' }

/**
 * Tries a code without spending it: a right code may be tried again, until `spendCode` spends it in the transaction
 * that writes what the code allows. A try is counted before it is evaluated, so that even of concurrent tries no more
 * than `limits.codeTries` wrong ones are evaluated, and no more than the budgets of tries allow (code-tries.ts); after
 * `limits.codeTries` the code counts as expired. `address` is the client's. Call it outside a transaction, as a rollback
 * would undo the count. Rejects with BudgetSpent.
 */
export async function tryCode(
  context: Context,
  pool: UserPool,
  user: CodeOwner,
  purpose: CodePurpose,
  code: string,
  address: string | undefined,
): Promise<CodeTry> {
  const key = { userPoolId: pool.id, sub: user.sub, purpose }
  const row = await countTry(context.db, key, context.clock.now(), limits.codeTries.max)
  if (!row) return { outcome: 'expired' }
  const value = openValue(context, pool, user, purpose, row)
  const tried = { userPoolId: pool.id, subject: user.sub, address }
  // Names that nobody has share made-up destinations; what is tried for one must not count for another.
  const destination = isUnknown(user.sub) ? user.sub : (value ?? '')
  const counted = await countCodeTry(context, { ...tried, destination })
  if (counted === 'hidden') return { outcome: 'wrong' }
  const mac = Buffer.from(row.code_mac, 'base64url')
  if (!context.sealer.macMatches('code', boundCode(pool, user, purpose, code), mac)) return { outcome: 'wrong' }
  await giveTryBack(context.db, row)
  await forgiveTry(context, counted)
  return value === undefined
    ? { outcome: 'expired' }
    : { outcome: 'right', attribute: row.attribute as Contact, value, row }
}

/** The value that the newest code for a purpose was sent to, even if its tries are used up; undefined once expired. */
export async function liveCodeValue(
  context: Context,
  db: Db,
  pool: UserPool,
  user: CodeOwner,
  purpose: CodePurpose,
): Promise<string | undefined> {
  const row = await findCode(db, { userPoolId: pool.id, sub: user.sub, purpose })
  const now = context.clock.now()
  return row && row.expires_at > now && wasMade(row.created_at, now)
    ? openValue(context, pool, user, purpose, row)
    : undefined
}

const openValue = (
  context: Context,
  pool: UserPool,
  user: CodeOwner,
  purpose: CodePurpose,
  row: CodeRow,
): string | undefined =>
  context.sealer.openJson('code-value', row.value_sealed, `${pool.id} ${user.sub} ${purpose}`) as string | undefined

/** The text whose MAC is stored: the code, bound to its pool, user and purpose. */
const boundCode = (pool: UserPool, user: CodeOwner, purpose: CodePurpose, code: string): string =>
  JSON.stringify([pool.id, user.sub, purpose, code])

/** Texts of CodeMismatchException and ExpiredCodeException (docs/reference/user-pools.md 3.3). */
export const CODE_MISMATCH_MESSAGE = 'Invalid verification code provided, please try again.'
export const CODE_EXPIRED_MESSAGE = 'Invalid code provided, please request a code again.'
