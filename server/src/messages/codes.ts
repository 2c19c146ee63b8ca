// One-time codes: made, sent, redeemed. A code is bound to a user, a pool and a purpose; only its MAC is stored; a newer
// one replaces it; redeeming removes the row, so of many who try at once one succeeds (threats 8).
import type { UserPool } from '../cognito-idp/user-pools/pool-store.ts'
import type { StoredUser } from '../cognito-idp/users/user-store.ts'
import type { Context } from '../context.ts'
import type { CodeDeliveryDetailsType } from '../contract/cognito-idp.types.ts'
import { sixDigitCode } from '../crypto/random-ids.ts'
import type { Db } from '../database/database.ts'
import { requireDelivery } from './can-deliver.ts'
import { type CodeRow, findCode, replaceCode, spendCode } from './code-store.ts'
import { type Contact, deliveryDetails, mediumOf } from './delivery-rules.ts'
import { type MessageKind, renderMessage } from './templates.ts'

/** `verify:` proves the value that a user has, `change:` one that replaces it once it is proven. */
export type CodePurpose = 'sign-up' | 'forgot-password' | `verify:${Contact}` | `change:${Contact}`

const HOUR_MS = 60 * 60 * 1000

/** How long codes are good (user-pools reference 4.1). */
const LIFETIME_MS: Record<CodePurpose, number> = {
  'sign-up': 24 * HOUR_MS,
  'forgot-password': HOUR_MS,
  'verify:email': 24 * HOUR_MS,
  'verify:phone_number': 24 * HOUR_MS,
  'change:email': 24 * HOUR_MS,
  'change:phone_number': 24 * HOUR_MS,
}

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

/**
 * Makes a code and queues its message, both in the caller's transaction; call `context.outbox.wake()` when that has
 * ended. Throws CodeDeliveryFailureException when nothing is configured that delivers it.
 */
export async function sendCode(context: Context, db: Db, request: CodeRequest): Promise<CodeDeliveryDetailsType> {
  const { pool, user, purpose, attribute, value } = request
  requireDelivery(context, mediumOf(attribute))
  const code = context.config.devCode ?? sixDigitCode((count) => context.random.bytes(count))
  const now = context.clock.now()
  await replaceCode(db, {
    user_sub: user.sub,
    user_pool_id: pool.id,
    purpose,
    code_mac: context.sealer.mac('code', boundCode(pool, user, purpose, code)).toString('base64url'),
    attribute,
    value_sealed: context.sealer.sealJson('code-value', value, `${pool.id} ${user.sub} ${purpose}`),
    created_at: now,
    expires_at: now + LIFETIME_MS[purpose],
  })
  const message = renderMessage({
    pool,
    kind: request.message,
    attribute,
    to: value,
    code,
    username: user.username,
    config: context.config,
  })
  await context.outbox.enqueue(db, { ...message, usefulForMs: LIFETIME_MS[purpose] })
  return deliveryDetails(attribute, value)
}

/** Whose code it is. A name that belongs to nobody has none, and finding that out must take as long. */
type CodeOwner = Pick<StoredUser, 'sub'>

/** What came of a code: `value` is what it was sent to. */
export type Redemption = { outcome: 'right'; attribute: Contact; value: string } | { outcome: 'wrong' | 'expired' }

/** Looks at a code without using it up: for checks that come before costly work. */
export async function checkCode(
  context: Context,
  db: Db,
  pool: UserPool,
  user: CodeOwner,
  purpose: CodePurpose,
  code: string,
): Promise<Redemption> {
  return judge(context, pool, user, purpose, code, await findCode(db, { userPoolId: pool.id, sub: user.sub, purpose }))
}

/** What the code that a user could redeem now was sent to; undefined when there is none. */
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

/** Uses a code up, in the caller's transaction. Of rivals one gets `right`, the others `expired`. */
export async function redeemCode(
  context: Context,
  db: Db,
  pool: UserPool,
  user: CodeOwner,
  purpose: CodePurpose,
  code: string,
): Promise<Redemption> {
  const row = await findCode(db, { userPoolId: pool.id, sub: user.sub, purpose })
  const judged = judge(context, pool, user, purpose, code, row)
  if (judged.outcome === 'right' && !(await spendCode(db, row as CodeRow))) return { outcome: 'expired' }
  return judged
}

function judge(
  context: Context,
  pool: UserPool,
  user: CodeOwner,
  purpose: CodePurpose,
  code: string,
  row: CodeRow | undefined,
): Redemption {
  if (!row || row.expires_at <= context.clock.now()) return { outcome: 'expired' }
  const mac = Buffer.from(row.code_mac, 'base64url')
  if (!context.sealer.macMatches('code', boundCode(pool, user, purpose, code), mac)) return { outcome: 'wrong' }
  const value = openValue(context, pool, user, purpose, row)
  return value === undefined ? { outcome: 'expired' } : { outcome: 'right', attribute: row.attribute as Contact, value }
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

/** Texts of CodeMismatchException and ExpiredCodeException (user-pools reference 3.3). */
export const CODE_MISMATCH_MESSAGE = 'Invalid verification code provided, please try again.'
export const CODE_EXPIRED_MESSAGE = 'Invalid code provided, please request a code again.'
