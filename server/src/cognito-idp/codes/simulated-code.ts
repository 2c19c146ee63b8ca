// The simulated code, for requests that must not reveal whether a user exists (PreventUserExistenceErrors): the work of
// sending a code, without sending a message. It writes a decoy code that no digits match, so that tries at it get the
// same errors, with the same limit on wrong tries, in the same time.

import { BudgetSpent } from '../../budgets/budgets.ts'
import type { Context } from '../../context.ts'
import type { CodeDeliveryDetailsType } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import { codeSimulated } from '../../events.ts'
import { canDeliver, requireDelivery } from '../../messages/can-deliver.ts'
import { type Contact, deliveryDetails, mediumOf } from '../../messages/delivery-rules.ts'
import { tellsOfUser } from '../../messages/message-budget-rules.ts'
import type { Asker } from '../../messages/message-budgets.ts'
import { sealMessage } from '../../messages/sealed-message.ts'
import { putAttempts } from '../attempts/attempt-store.ts'
import { hidesExistence } from '../sign-in/user-state-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { nameKey } from '../users/user-name-rules.ts'
import { touchUser } from '../users/user-store.ts'
import { replaceCode } from './code-store.ts'
import { type CodeRequest, type Purposed, prepareDecoyCode, sendCodeAlone, withoutId } from './codes.ts'
import { confirmationLink } from './confirmation-link.ts'
import { type SimulatedContact, simulatedContact } from './simulated-contact.ts'
import { type MessageKind, renderMessage, sender } from './templates.ts'

// About as long as the row of a real message exists until it is delivered.
const MESSAGE_LIFETIME_MS = 60 * 1000

/**
 * The contacts of `order` that a delivery is configured for. A client that hides which users exist must use these for
 * every user, as an error about one medium would reveal who has an address for it. Throws CodeDeliveryFailureException
 * when none is left.
 */
export function deliverableContacts(context: Context, pool: UserPool, order: readonly Contact[]): readonly Contact[] {
  const deliverable = order.filter((contact) => canDeliver(context, mediumOf(contact), pool))
  if (deliverable.length === 0 && order[0] !== undefined) requireDelivery(context, mediumOf(order[0]), pool)
  return deliverable
}

/** The address or number to name in the response; always the same for the same name. */
export function simulatedDestination(
  context: Context,
  pool: UserPool,
  order: readonly Contact[],
  name: string,
): SimulatedContact {
  const bytes = context.sealer.mac('simulated-contact', JSON.stringify([pool.id, nameKey(pool.settings, name)]))
  return simulatedContact(pool.settings, order, name, bytes, sender(pool, context.config).from)
}

/**
 * Sends a code in a transaction of its own. When the client hides who exists, a refusal that depends on the user's
 * address or number (a spent budget, a country without SMS) must not tell it: a simulated code takes the place of the
 * message then. Undefined when the user is deleted. Rejects as prepareCode does.
 */
export async function sendCodeOrHide(
  context: Context,
  client: UserPoolClientSettings,
  name: string,
  code: CodeRequest,
): Promise<CodeDeliveryDetailsType | undefined> {
  try {
    return await sendCodeAlone(context, code)
  } catch (error) {
    const spent = error instanceof BudgetSpent && tellsOfUser(error.kind)
    const unreached = error instanceof ApiError && error.name === 'CodeDeliveryFailureException'
    if (!hidesExistence(client) || !(spent || unreached)) throw error
    return simulateCode(context, code.pool, { ...code, subject: code.user.sub, name, counted: spent })
  }
}

/** `message`, `purpose`, `attribute` and `value` are those of the code that a user would get. */
export type SimulatedCode = Purposed & {
  /** A sub, or the subjectOfUnknown of an unknown user. */
  subject: string
  /** The Username of the request. */
  name: string
  message: MessageKind
  attribute: Contact
  value: string
  asker: Asker
  /** The app client of the request. */
  clientId?: string | undefined
  /** True when the message that this code takes the place of has counted against its budgets. */
  counted?: boolean
}

/**
 * Writes a decoy code, with the work of sending a real one: a message is rendered and sealed, then one transaction
 * writes two rows. Rejects with BudgetSpent.
 */
export async function simulateCode(
  context: Context,
  pool: UserPool,
  simulated: SimulatedCode,
): Promise<CodeDeliveryDetailsType> {
  const { config, sealer } = context
  const { subject, name, message, attribute, value, asker, clientId, counted } = simulated
  const counting = { medium: mediumOf(attribute), userPoolId: pool.id, nobody: subject }
  // Most users have proven where their codes go, but for those of a sign-up.
  if (!counted) await context.outbox.simulate(counting, { asker, proven: simulated.purpose !== 'sign-up' })
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
  const sealed = sealMessage(
    sealer,
    subject,
    renderMessage({ ...request, link: confirmationLink(context, { ...request, clientId }) }),
  )
  const code = prepareDecoyCode(context, { ...simulated, pool, user: { sub: subject } })
  const until = context.clock.now() + MESSAGE_LIFETIME_MS
  await context.database.transaction(async (db) => {
    await touchUser(db, pool.id, subject)
    await replaceCode(db, code)
    // This row is never read, so a long message is truncated.
    const key = { userPoolId: pool.id, subject, kind: 'simulated-message' }
    await putAttempts(db, key, { sealed: sealed.slice(0, 1000) }, until)
  })
  context.outbox.wake()
  codeSimulated(context, { pool: pool.id, purpose: withoutId(simulated.purpose) })
  return deliveryDetails(attribute, value)
}
