// Sends a code that resets a password (docs/reference/user-pools.md 5.8, 7.2). When the client hides which users exist, the same
// work is done without a message for whoever gets no code (codes/simulated-code.ts).

import type { Context } from '../../context.ts'
import type { CodeDeliveryDetailsType, ForgotPasswordRequest } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import { ATTEMPT_LIMIT_MESSAGE, subjectOfUnknown, withinDailyLimit, withinHourlyLimit } from '../attempts/attempts.ts'
import { deliverableContacts, sendCodeOrHide, simulateCode, simulatedDestination } from '../codes/simulated-code.ts'
import { hidesExistence } from '../sign-in/user-state-rules.ts'
import { recordEvent } from '../threats/record-event.ts'
import { migratesUsers, migrateUser } from '../users/migrate-user.ts'
import { findUser } from '../users/user-store.ts'
import type { Asker } from './asker.ts'
import { recoveryRefusal, unknownNameRefusal } from './existence-rules.ts'
import { decideRecovery, recoveryOrder } from './recovery-rules.ts'

type Given = Pick<ForgotPasswordRequest, 'Username' | 'ClientMetadata'>

/** Where the code went, or seems to have gone. Throws the errors of ForgotPassword, and BudgetSpent. */
export async function sendResetCode(
  context: Context,
  { pool, client, source, remoteAddress }: Asker,
  input: Given,
): Promise<CodeDeliveryDetailsType> {
  const wanted = recoveryOrder(pool.settings)
  const order = hidesExistence(client.settings) ? deliverableContacts(context, pool, wanted) : wanted
  const known = await findUser(context.db, pool, input.Username)
  const subject = known?.sub ?? subjectOfUnknown(context, pool, input.Username)
  const requireLimits = async (): Promise<void> => {
    const within =
      (await withinHourlyLimit(context, pool.id, subject, 'ForgotPassword')) &&
      (await withinDailyLimit(context, pool.id, subject, 'forgot-password'))
    if (!within) throw new ApiError('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
  }
  // Before another directory is asked for a name that nobody has.
  const migrates = known === undefined && migratesUsers(pool)
  if (migrates) await requireLimits()
  const { Username: name, ClientMetadata: clientMetadata } = input
  const user = migrates
    ? await migrateUser(context, { pool, client, name, clientMetadata, address: remoteAddress })
    : known
  const recovery = decideRecovery(pool.settings, user, order)
  const refusal = 'refused' in recovery ? recoveryRefusal(client.settings, recovery.refused) : undefined
  if (refusal) throw new ApiError(refusal.refused, refusal.message)
  if (!migrates) await requireLimits()
  const asker = { address: remoteAddress }
  const kind = 'forgot-password'
  if (user && 'contact' in recovery) {
    const { contact: attribute, value } = recovery
    const from = { asker, clientId: client.clientId, clientMetadata }
    const code = { pool, user, purpose: kind, message: kind, attribute, value, ...from } as const
    const details = await sendCodeOrHide(context, client.settings, input.Username, code)
    if (details) {
      const event = { user, type: 'ForgotPassword', response: 'InProgress' } as const
      await recordEvent(context, { pool, client, source, ...event })
      return details
    }
    // The user was deleted since it was read.
    const unknown = unknownNameRefusal(client.settings)
    if (unknown) throw new ApiError(unknown.refused, unknown.message)
  }
  const to = simulatedDestination(context, pool, order, input.Username)
  const code = { subject, name: input.Username, purpose: kind, message: kind, ...to, asker } as const
  return simulateCode(context, pool, code)
}
