// ResendConfirmationCode: sends a new code for a sign-up (docs/reference/user-pools.md 5.3, 8). When the client hides
// which users exist, the same work is done without a message for whoever gets no code (codes/simulated-code.ts).

import { ATTEMPT_LIMIT_MESSAGE, subjectOfUnknown, withinDailyLimit, withinHourlyLimit } from '../attempts/attempts.ts'
import { deliverableContacts, sendCodeOrHide, simulateCode, simulatedDestination } from '../codes/simulated-code.ts'
import { operation } from '../operation.ts'
import { hidesExistence } from '../sign-in/user-state-rules.ts'
import { recordEvent } from '../threats/record-event.ts'
import { userSource } from '../threats/user-source.ts'
import { findUser } from '../users/user-store.ts'
import { autoVerified } from '../users/verification-rules.ts'
import { unknownNameRefusal } from './existence-rules.ts'

const NOT_VERIFYING = 'Cannot resend codes. Auto verification not turned on.'
const NOTHING_TO_VERIFY = 'Cannot resend codes. User has no email or phone_number to verify.'

export const resendConfirmationCode = operation(
  'ResendConfirmationCode',
  async (context, { input, pool, client, remoteAddress, userAgent, fail }) => {
    const source = userSource({ remoteAddress, userAgent }, { pool, client }, input.UserContextData)
    const hides = hidesExistence(client.settings)
    const unknown = unknownNameRefusal(client.settings)
    const user = await findUser(context.db, pool, input.Username)
    if (!user && unknown) throw fail(unknown.refused, unknown.message)
    if (user && user.status !== 'UNCONFIRMED') throw fail('InvalidParameterException', 'User is already confirmed.')
    const verified = autoVerified(pool.settings)
    if (verified.length === 0) throw fail('InvalidParameterException', NOT_VERIFYING)
    const order = hides ? deliverableContacts(context, pool, verified) : verified
    const attribute = order.find((contact) => user?.attributes[contact])
    if (!attribute && !hides) throw fail('InvalidParameterException', NOTHING_TO_VERIFY)
    const subject = user?.sub ?? subjectOfUnknown(context, pool, input.Username)
    const to = attribute
      ? { attribute, value: user?.attributes[attribute] as string }
      : simulatedDestination(context, pool, order, input.Username)
    if (
      !(await withinHourlyLimit(context, pool.id, subject, 'ResendConfirmationCode')) ||
      !(await withinDailyLimit(context, pool.id, subject, 'sign-up'))
    ) {
      throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
    }
    const asker = { address: remoteAddress }
    if (user && attribute) {
      const from = { asker, clientId: client.clientId, clientMetadata: input.ClientMetadata }
      const code = { pool, user, purpose: 'sign-up', message: 'resend', ...to, ...from } as const
      const CodeDeliveryDetails = await sendCodeOrHide(context, client.settings, input.Username, code)
      if (CodeDeliveryDetails) {
        const event = { sub: user.sub, type: 'ResendCode', response: 'Pass' } as const
        await recordEvent(context, { pool, client, source, ...event })
        return { CodeDeliveryDetails }
      }
      // The user was deleted since it was read.
      if (unknown) throw fail(unknown.refused, unknown.message)
    }
    const code = { subject, name: input.Username, purpose: 'sign-up', message: 'resend', ...to, asker } as const
    return { CodeDeliveryDetails: await simulateCode(context, pool, code) }
  },
)
