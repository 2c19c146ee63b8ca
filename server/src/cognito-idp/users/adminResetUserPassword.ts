import { requireDeliveryForAdministrator } from '../../messages/can-deliver.ts'
import { mediumOf } from '../../messages/delivery-rules.ts'
import { sendCode } from '../codes/codes.ts'
import { operation } from '../operation.ts'
import { adminResetContact } from './admin-reset-rules.ts'
import { withoutCredential } from './credentials.ts'
import { changeNamedUser } from './require-user.ts'

/**
 * The password is gone; a code that sets a new one is on its way (docs/reference/user-pools.md 7.2;
 * docs/behaviour/users.md).
 */
export const adminResetUserPassword = operation('AdminResetUserPassword', async (context, { input, pool, fail }) => {
  await changeNamedUser(context, pool, input.Username, async (user, db) => {
    const decision = adminResetContact(pool.settings, user)
    if ('refused' in decision) throw fail(decision.refused, decision.message)
    const { contact: attribute, value } = decision
    requireDeliveryForAdministrator(context, mediumOf(attribute))
    const reset = { ...user, ...withoutCredential(context, pool, user), status: 'RESET_REQUIRED' as const }
    const purpose = 'forgot-password'
    await sendCode(context, db, { pool, user: reset, purpose, message: purpose, attribute, value })
    return reset
  })
  context.outbox.wake()
  return {}
})
