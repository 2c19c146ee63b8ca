// A user asks for a code to reset a forgotten password (user-pools reference 5.8, 7.2).
import { sendCode } from '../../messages/codes.ts'
import { operation } from '../../operation.ts'
import { ATTEMPT_LIMIT_MESSAGE, subjectOfUnknown, withinHourlyLimit } from '../attempts/attempts.ts'
import { findUser } from '../users/user-store.ts'
import { recoveryRefusal } from './existence-rules.ts'
import { decideRecovery, recoveryOrder } from './recovery-rules.ts'
import { simulateCode, simulatedDestination } from './simulated-code.ts'

export const forgotPassword = operation('ForgotPassword', async (context, { input, pool, client, fail }) => {
  const user = await findUser(context.db, pool, input.Username)
  const recovery = decideRecovery(pool.settings, user)
  const refusal = 'refused' in recovery ? recoveryRefusal(client.settings, recovery.refused) : undefined
  if (refusal) throw fail(refusal.name, refusal.message)
  const subject = user?.sub ?? subjectOfUnknown(context, pool.id, input.Username)
  if (!(await withinHourlyLimit(context, pool.id, subject, 'ForgotPassword'))) {
    throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
  }
  if (!user || 'refused' in recovery) {
    const to = simulatedDestination(context, pool, recoveryOrder(pool.settings), input.Username)
    const code = { subject, name: input.Username, message: 'forgot-password' as const, ...to }
    return { CodeDeliveryDetails: await simulateCode(context, pool, code) }
  }
  const { contact: attribute, value } = recovery
  const CodeDeliveryDetails = await context.database.transaction((db) =>
    sendCode(context, db, { pool, user, purpose: 'forgot-password', message: 'forgot-password', attribute, value }),
  )
  context.outbox.wake()
  return { CodeDeliveryDetails }
})
