// A new code in place of that of a sign-up (user-pools reference 5.3, 8).
import { sendCode } from '../../messages/codes.ts'
import { operation } from '../../operation.ts'
import {
  ATTEMPT_LIMIT_MESSAGE,
  subjectOfUnknown,
  withinDestinationLimit,
  withinHourlyLimit,
} from '../attempts/attempts.ts'
import { hidesExistence } from '../sign-in/user-state-rules.ts'
import { findUser } from '../users/user-store.ts'
import { unknownNameRefusal } from './existence-rules.ts'
import { simulateCode, simulatedDestination } from './simulated-code.ts'
import { autoVerified, signUpContact } from './verification-rules.ts'

const NOT_VERIFYING = 'Cannot resend codes. Auto verification not turned on.'
const NOTHING_TO_VERIFY = 'Cannot resend codes. User has no email or phone_number to verify.'

export const resendConfirmationCode = operation(
  'ResendConfirmationCode',
  async (context, { input, pool, client, fail }) => {
    const user = await findUser(context.db, pool, input.Username)
    const unknown = unknownNameRefusal(client.settings)
    if (!user && unknown) throw fail('UserNotFoundException', unknown.message)
    if (user && user.status !== 'UNCONFIRMED') throw fail('InvalidParameterException', 'User is already confirmed.')
    const order = autoVerified(pool.settings)
    if (order.length === 0) throw fail('InvalidParameterException', NOT_VERIFYING)
    const attribute = user && signUpContact(pool.settings, user.attributes)
    if (!attribute && !hidesExistence(client.settings)) throw fail('InvalidParameterException', NOTHING_TO_VERIFY)
    const subject = user?.sub ?? subjectOfUnknown(context, pool.id, input.Username)
    const to = attribute
      ? { attribute, value: user.attributes[attribute] as string }
      : simulatedDestination(context, pool, order, input.Username)
    if (
      !(await withinHourlyLimit(context, pool.id, subject, 'ResendConfirmationCode')) ||
      !(await withinDestinationLimit(context, pool.id, to.attribute, to.value))
    ) {
      throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
    }
    if (!attribute) {
      const code = { subject, name: input.Username, message: 'resend' as const, ...to }
      return { CodeDeliveryDetails: await simulateCode(context, pool, code) }
    }
    const CodeDeliveryDetails = await context.database.transaction((db) =>
      sendCode(context, db, { pool, user, purpose: 'sign-up', message: 'resend', ...to }),
    )
    context.outbox.wake()
    return { CodeDeliveryDetails }
  },
)
