// Sends a new code for a sign-up (docs/reference/user-pools.md 5.3, 8). When the client hides which users exist, the same work
// is done without a message for whoever gets no code (codes/simulated-code.ts).

import type { Context } from '../../context.ts'
import type { CodeDeliveryDetailsType, ResendConfirmationCodeRequest } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import { ATTEMPT_LIMIT_MESSAGE, subjectOfUnknown, withinDailyLimit, withinHourlyLimit } from '../attempts/attempts.ts'
import { deliverableContacts, sendCodeOrHide, simulateCode, simulatedDestination } from '../codes/simulated-code.ts'
import { hidesExistence } from '../sign-in/user-state-rules.ts'
import { recordEvent } from '../threats/record-event.ts'
import { findUser } from '../users/user-store.ts'
import { autoVerified } from '../users/verification-rules.ts'
import type { Asker } from './asker.ts'
import { unknownNameRefusal } from './existence-rules.ts'

export const ALREADY_CONFIRMED = 'User is already confirmed.'
const NOT_VERIFYING = 'Cannot resend codes. Auto verification not turned on.'
const NOTHING_TO_VERIFY = 'Cannot resend codes. User has no email or phone_number to verify.'

type Given = Pick<ResendConfirmationCodeRequest, 'Username' | 'ClientMetadata'>

/** Where the code went, or seems to have gone. Throws the errors of ResendConfirmationCode, and BudgetSpent. */
export async function resendCode(
  context: Context,
  { pool, client, source, remoteAddress }: Asker,
  input: Given,
): Promise<CodeDeliveryDetailsType> {
  const hides = hidesExistence(client.settings)
  const unknown = unknownNameRefusal(client.settings)
  const user = await findUser(context.db, pool, input.Username)
  if (!user && unknown) throw new ApiError(unknown.refused, unknown.message)
  if (user && user.status !== 'UNCONFIRMED') throw new ApiError('InvalidParameterException', ALREADY_CONFIRMED)
  const verified = autoVerified(pool.settings)
  if (verified.length === 0) throw new ApiError('InvalidParameterException', NOT_VERIFYING)
  const order = hides ? deliverableContacts(context, pool, verified) : verified
  const attribute = order.find((contact) => user?.attributes[contact])
  if (!attribute && !hides) throw new ApiError('InvalidParameterException', NOTHING_TO_VERIFY)
  const subject = user?.sub ?? subjectOfUnknown(context, pool, input.Username)
  const to = attribute
    ? { attribute, value: user?.attributes[attribute] as string }
    : simulatedDestination(context, pool, order, input.Username)
  if (
    !(await withinHourlyLimit(context, pool.id, subject, 'ResendConfirmationCode')) ||
    !(await withinDailyLimit(context, pool.id, subject, 'sign-up'))
  ) {
    throw new ApiError('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
  }
  const from = { asker: { address: remoteAddress }, clientId: client.clientId }
  const kind = { purpose: 'sign-up', message: 'resend' } as const
  if (user && attribute) {
    const code = { pool, user, ...kind, ...to, ...from, clientMetadata: input.ClientMetadata }
    const details = await sendCodeOrHide(context, client.settings, input.Username, code)
    if (details) {
      const event = { user, type: 'ResendCode', response: 'Pass' } as const
      await recordEvent(context, { pool, client, source, ...event })
      return details
    }
    // The user was deleted since it was read.
    if (unknown) throw new ApiError(unknown.refused, unknown.message)
  }
  return simulateCode(context, pool, { subject, name: input.Username, ...kind, ...to, ...from })
}
