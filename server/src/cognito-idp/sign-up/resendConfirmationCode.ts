// A new code in place of that of a sign-up (docs/reference/user-pools.md 5.3, 8).

import {
  ATTEMPT_LIMIT_MESSAGE,
  subjectOfUnknown,
  withinDailyLimit,
  withinDestinationLimit,
  withinHourlyLimit,
} from '../attempts/attempts.ts'
import { sendCodeAlone } from '../codes/codes.ts'
import { operation } from '../operation.ts'
import { hidesExistence } from '../sign-in/user-state-rules.ts'
import { findUser } from '../users/user-store.ts'
import { autoVerified } from '../users/verification-rules.ts'
import { unknownNameRefusal } from './existence-rules.ts'
import { deliverableContacts, simulateCode, simulatedDestination } from './simulated-code.ts'

const NOT_VERIFYING = 'Cannot resend codes. Auto verification not turned on.'
const NOTHING_TO_VERIFY = 'Cannot resend codes. User has no email or phone_number to verify.'

export const resendConfirmationCode = operation(
  'ResendConfirmationCode',
  async (context, { input, pool, client, fail }) => {
    const hides = hidesExistence(client.settings)
    const unknown = unknownNameRefusal(client.settings)
    const user = await findUser(context.db, pool, input.Username)
    if (!user && unknown) throw fail(unknown.refused, unknown.message)
    if (user && user.status !== 'UNCONFIRMED') throw fail('InvalidParameterException', 'User is already confirmed.')
    const verified = autoVerified(pool.settings)
    if (verified.length === 0) throw fail('InvalidParameterException', NOT_VERIFYING)
    const order = hides ? deliverableContacts(context, verified) : verified
    const attribute = order.find((contact) => user?.attributes[contact])
    if (!attribute && !hides) throw fail('InvalidParameterException', NOTHING_TO_VERIFY)
    const subject = user?.sub ?? subjectOfUnknown(context, pool, input.Username)
    const { own, ...to } = attribute
      ? { attribute, value: user?.attributes[attribute] as string, own: true }
      : simulatedDestination(context, pool, order, input.Username)
    if (
      !(await withinHourlyLimit(context, pool.id, subject, 'ResendConfirmationCode')) ||
      !(await withinDailyLimit(context, pool.id, subject, 'sign-up')) ||
      // Made-up addresses are few, and many names share one: requests for other names must not count there.
      (own && !(await withinDestinationLimit(context, pool.id, to.attribute, to.value)))
    ) {
      throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
    }
    if (user && attribute) {
      const code = { pool, user, purpose: 'sign-up', message: 'resend', ...to } as const
      const CodeDeliveryDetails = await sendCodeAlone(context, code)
      if (CodeDeliveryDetails) return { CodeDeliveryDetails }
      // The user was deleted meanwhile.
      if (unknown) throw fail(unknown.refused, unknown.message)
    }
    const code = { subject, name: input.Username, message: 'resend', ...to } as const
    return { CodeDeliveryDetails: await simulateCode(context, pool, code) }
  },
)
