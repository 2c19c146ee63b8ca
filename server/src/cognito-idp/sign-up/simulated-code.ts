// A code for somebody who gets none: everything an ordinary request does but the message. It leaves a code that no digits
// fit, so that trying one is answered alike, with the same count of wrong tries, and so that both take equally long.

import type { Context } from '../../context.ts'
import type { CodeDeliveryDetailsType } from '../../contract/cognito-idp.types.ts'
import { codeSimulated } from '../../events.ts'
import { canDeliver, requireDelivery } from '../../messages/can-deliver.ts'
import { type Contact, deliveryDetails, mediumOf } from '../../messages/delivery-rules.ts'
import { sealMessage } from '../../messages/sealed-message.ts'
import { putAttempts } from '../attempts/attempt-store.ts'
import { replaceCode } from '../codes/code-store.ts'
import { type CodePurpose, prepareDecoyCode } from '../codes/codes.ts'
import { renderMessage } from '../codes/templates.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { nameKey } from '../users/user-name-rules.ts'
import { touchUser } from '../users/user-store.ts'
import { type SimulatedContact, simulatedContact } from './existence-rules.ts'

const PURPOSE_OF: Readonly<Record<SimulatedCode['message'], CodePurpose>> = {
  resend: 'sign-up',
  'forgot-password': 'forgot-password',
}

// A message that is delivered is gone about as soon.
const MESSAGE_LIFETIME_MS = 60 * 1000

/**
 * Where codes may go for a client that hides who exists: what nothing delivers is left out of `order` for everybody, as
 * an error about one medium would tell who has an address of it. Throws CodeDeliveryFailureException when nothing is
 * left, whoever is asked for.
 */
export function deliverableContacts(context: Context, order: readonly Contact[]): readonly Contact[] {
  const deliverable = order.filter((contact) => canDeliver(context, mediumOf(contact)))
  if (deliverable.length === 0 && order[0] !== undefined) requireDelivery(context, mediumOf(order[0]))
  return deliverable
}

/** Where the code would have gone; always the same for the same name. */
export function simulatedDestination(
  context: Context,
  pool: UserPool,
  order: readonly Contact[],
  name: string,
): SimulatedContact {
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

/**
 * Notes that a code was asked for, with the work of sending one: a message is worded and sealed, then one transaction
 * writes two rows.
 */
export async function simulateCode(
  context: Context,
  pool: UserPool,
  { subject, name, message, attribute, value }: SimulatedCode,
): Promise<CodeDeliveryDetailsType> {
  const { config, sealer } = context
  const request = {
    pool,
    kind: message,
    attribute,
    to: value,
    code: '000000',
    username: name,
    userSub: subject,
    config,
  }
  const sealed = sealMessage(sealer, subject, renderMessage(request))
  const purpose = PURPOSE_OF[message]
  const code = prepareDecoyCode(context, { pool, user: { sub: subject }, purpose, attribute, value })
  const until = context.clock.now() + MESSAGE_LIFETIME_MS
  await context.database.transaction(async (db) => {
    await touchUser(db, pool.id, subject)
    await replaceCode(db, code)
    // Nobody ever reads this one, so a long template need not be kept whole.
    const key = { userPoolId: pool.id, subject, kind: 'simulated-message' }
    await putAttempts(db, key, { sealed: sealed.slice(0, 1000) }, until)
  })
  context.outbox.wake()
  codeSimulated(context, { pool: pool.id, purpose })
  return deliveryDetails(attribute, value)
}
