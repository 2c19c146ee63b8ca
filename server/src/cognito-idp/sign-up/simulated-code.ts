// A code for somebody who gets none: everything an ordinary request does but the message. It leaves a row where a code
// would be, for as long as a code would live, so that trying one is answered alike, and so that both take equally long.
import type { Context } from '../../context.ts'
import type { CodeDeliveryDetailsType } from '../../contract/cognito-idp.types.ts'
import { requireDelivery } from '../../messages/can-deliver.ts'
import { type Contact, deliveryDetails, mediumOf } from '../../messages/delivery-rules.ts'
import { findAttempts, replaceAttempts } from '../attempts/attempt-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { nameKey } from '../users/user-name-rules.ts'
import { simulatedContact } from './existence-rules.ts'

const KIND = 'simulated-code'
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

/** Notes that a code was asked for. `subject`: a sub or subjectOfUnknown. Fails as sending would. */
export async function simulateCode(
  context: Context,
  pool: UserPool,
  subject: string,
  { attribute, value }: { attribute: Contact; value: string },
): Promise<CodeDeliveryDetailsType> {
  requireDelivery(context, mediumOf(attribute))
  const key = { userPoolId: pool.id, subject, kind: KIND }
  const until = context.clock.now() + LIFETIME_MS
  // A rival that writes at the same moment writes the same.
  await context.database.transaction(async (db) => {
    await replaceAttempts(db, key, await findAttempts(db, key), { until }, until)
  })
  return deliveryDetails(attribute, value)
}

/** True when a code was asked for that would still be good. */
export async function codeWasSimulated(context: Context, pool: UserPool, subject: string): Promise<boolean> {
  const found = await findAttempts<{ until: number }>(context.db, { userPoolId: pool.id, subject, kind: KIND })
  return found !== undefined && found.state.until > context.clock.now()
}
