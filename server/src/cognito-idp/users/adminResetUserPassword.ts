import { passwordReset } from '../../events.ts'
import { requireDeliveryForAdministrator } from '../../messages/can-deliver.ts'
import { mediumOf } from '../../messages/delivery-rules.ts'
import { noteCode, type PreparedCode, prepareCode, writeCode } from '../codes/codes.ts'
import { operation } from '../operation.ts'
import { adminResetContact } from './admin-reset-rules.ts'
import { withoutCredential } from './credentials.ts'
import { changeNamedUser } from './require-user.ts'

/**
 * AdminResetUserPassword: removes the password and sends a code that sets a new one (docs/reference/user-pools.md 7.2;
 * docs/behaviour/users.md).
 */
export const adminResetUserPassword = operation('AdminResetUserPassword', async (context, { input, pool, fail }) => {
  let sent: PreparedCode | undefined
  const { sub } = await changeNamedUser(context, pool, input.Username, async (user) => {
    const decision = adminResetContact(pool.settings, user)
    if ('refused' in decision) throw fail(decision.refused, decision.message)
    const { contact: attribute, value } = decision
    requireDeliveryForAdministrator(context, mediumOf(attribute), value, pool)
    const reset = { ...user, ...withoutCredential(context, pool, user), status: 'RESET_REQUIRED' as const }
    const purpose = 'forgot-password'
    const asker = 'administrator'
    const from = { asker, clientId: undefined, clientMetadata: input.ClientMetadata } as const
    const code = await prepareCode(context, { pool, user: reset, purpose, message: purpose, attribute, value, ...from })
    sent = code
    return { user: reset, after: (db) => writeCode(context, db, code) }
  })
  context.outbox.wake()
  passwordReset(context, { pool: pool.id, sub })
  if (sent) noteCode(context, sent)
  return {}
})
