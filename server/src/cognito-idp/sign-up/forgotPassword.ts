// ForgotPassword: sends a code that resets a password (docs/reference/user-pools.md 5.8, 7.2). When the client hides
// which users exist, the same work is done without a message for whoever gets no code (codes/simulated-code.ts).

import { ATTEMPT_LIMIT_MESSAGE, subjectOfUnknown, withinDailyLimit, withinHourlyLimit } from '../attempts/attempts.ts'
import { deliverableContacts, sendCodeOrHide, simulateCode, simulatedDestination } from '../codes/simulated-code.ts'
import { operation } from '../operation.ts'
import { hidesExistence } from '../sign-in/user-state-rules.ts'
import { recordEvent } from '../threats/record-event.ts'
import { userSource } from '../threats/user-source.ts'
import { migratesUsers, migrateUser } from '../users/migrate-user.ts'
import { findUser } from '../users/user-store.ts'
import { recoveryRefusal, unknownNameRefusal } from './existence-rules.ts'
import { decideRecovery, recoveryOrder } from './recovery-rules.ts'

export const forgotPassword = operation('ForgotPassword', async (context, request) => {
  const { input, pool, client, remoteAddress, fail } = request
  const source = userSource(request, { pool, client }, input.UserContextData)
  const wanted = recoveryOrder(pool.settings)
  const order = hidesExistence(client.settings) ? deliverableContacts(context, pool, wanted) : wanted
  const known = await findUser(context.db, pool, input.Username)
  const subject = known?.sub ?? subjectOfUnknown(context, pool, input.Username)
  const requireLimits = async (): Promise<void> => {
    const within =
      (await withinHourlyLimit(context, pool.id, subject, 'ForgotPassword')) &&
      (await withinDailyLimit(context, pool.id, subject, 'forgot-password'))
    if (!within) throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
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
  if (refusal) throw fail(refusal.refused, refusal.message)
  if (!migrates) await requireLimits()
  const asker = { address: remoteAddress }
  const kind = 'forgot-password'
  if (user && 'contact' in recovery) {
    const { contact: attribute, value } = recovery
    const from = { asker, clientId: client.clientId, clientMetadata }
    const code = { pool, user, purpose: kind, message: kind, attribute, value, ...from } as const
    const CodeDeliveryDetails = await sendCodeOrHide(context, client.settings, input.Username, code)
    if (CodeDeliveryDetails) {
      const event = { sub: user.sub, type: 'ForgotPassword', response: 'InProgress' } as const
      await recordEvent(context, { pool, client, source, ...event })
      return { CodeDeliveryDetails }
    }
    // The user was deleted since it was read.
    const unknown = unknownNameRefusal(client.settings)
    if (unknown) throw fail(unknown.refused, unknown.message)
  }
  const to = simulatedDestination(context, pool, order, input.Username)
  const code = { subject, name: input.Username, purpose: kind, message: kind, ...to, asker } as const
  return { CodeDeliveryDetails: await simulateCode(context, pool, code) }
})
