// A code for somebody who gets none: everything an ordinary request does but the message. It leaves a row where a code
// would be, for as long as a code would live, so that trying one is answered alike, and so that both take equally long.
import type { Context } from '../../context.ts'
import type { CodeDeliveryDetailsType } from '../../contract/cognito-idp.types.ts'
import { requireDelivery } from '../../messages/can-deliver.ts'
import { type Contact, deliveryDetails, mediumOf } from '../../messages/delivery-rules.ts'
import { sealMessage } from '../../messages/sealed-message.ts'
import { renderMessage } from '../../messages/templates.ts'
import { findAttempts, putAttempts } from '../attempts/attempt-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { nameKey } from '../users/user-name-rules.ts'
import { simulatedContact } from './existence-rules.ts'

/** One for each purpose: a code asked for at one operation is none at another. */
const kindOf = (message: SimulatedCode['message']): string => `simulated:${message}`

const LIFETIME_MS = 60 * 60 * 1000

/** Where the code would have gone; always the same for the same name. */
export function simulatedDestination(
  context: Context,
  pool: UserPool,
  order: readonly Contact[],
  name: string,
): { attribute: Contact; value: string } {
  const bytes = context.sealer.mac('simulated-contact', JSON.stringify([pool.id, nameKey(pool.settings, name)]))
  return simulatedContact(pool.settings, order, name, bytes)
}

export interface SimulatedCode {
  /** A sub or subjectOfUnknown. */
  subject: string
  /** The name that was asked for. */
  name: string
  message: 'resend' | 'forgot-password'
  attribute: Contact
  value: string
}

/** Notes that a code was asked for. Fails as sending would, and weighs as much: one transaction, two rows, one message. */
export async function simulateCode(
  context: Context,
  pool: UserPool,
  { subject, name, message, attribute, value: to }: SimulatedCode,
): Promise<CodeDeliveryDetailsType> {
  const { config, sealer } = context
  requireDelivery(context, mediumOf(attribute))
  const until = context.clock.now() + LIFETIME_MS
  const request = { pool, kind: message, attribute, to, code: '000000', username: name, config }
  const sealed = sealMessage(sealer, subject, renderMessage(request))
  await context.database.transaction(async (db) => {
    await putAttempts(db, { userPoolId: pool.id, subject, kind: kindOf(message) }, { until }, until)
    // Nobody ever reads this one, so a long template need not be kept whole.
    await putAttempts(
      db,
      { userPoolId: pool.id, subject, kind: 'simulated-message' },
      { sealed: sealed.slice(0, 1000) },
      until,
    )
  })
  context.outbox.wake()
  return deliveryDetails(attribute, to)
}

/** True when ForgotPassword was asked for a code that would still be good. */
export async function resetWasSimulated(context: Context, pool: UserPool, subject: string): Promise<boolean> {
  const key = { userPoolId: pool.id, subject, kind: kindOf('forgot-password') }
  const found = await findAttempts<{ until: number }>(context.db, key)
  return found !== undefined && found.state.until > context.clock.now()
}
