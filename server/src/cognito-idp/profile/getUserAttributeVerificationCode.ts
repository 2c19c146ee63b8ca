// A user asks for a code to prove an address or number: the pending one when a change waits for it, else the one it has.
// User-pools reference 5.3, 8.
import { liveCodeValue, sendCode } from '../../messages/codes.ts'
import { isContact } from '../../messages/delivery-rules.ts'
import { operation } from '../../operation.ts'
import { ATTEMPT_LIMIT_MESSAGE, withinDestinationLimit, withinHourlyLimit } from '../attempts/attempts.ts'
import { NOT_VERIFIABLE_MESSAGE, waitsForVerification } from '../sign-up/verification-rules.ts'

export const getUserAttributeVerificationCode = operation(
  'GetUserAttributeVerificationCode',
  async (context, { input, caller, pool, fail }) => {
    const { user } = caller
    const attribute = input.AttributeName
    if (!isContact(attribute)) throw fail('InvalidParameterException', NOT_VERIFIABLE_MESSAGE)
    const pending = waitsForVerification(pool.settings, attribute)
      ? await liveCodeValue(context, context.db, pool, user, `change:${attribute}`)
      : undefined
    const value = pending ?? user.attributes[attribute]
    if (!value) throw fail('InvalidParameterException', `User has no ${attribute} to verify.`)
    const proven = pending === undefined && user.attributes[`${attribute}_verified`] === 'true'
    if (
      !(await withinHourlyLimit(context, pool.id, user.sub, 'GetUserAttributeVerificationCode')) ||
      !(proven || (await withinDestinationLimit(context, pool.id, attribute, value)))
    ) {
      throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
    }
    const purpose = `${pending === undefined ? 'verify' : 'change'}:${attribute}` as const
    const CodeDeliveryDetails = await context.database.transaction((db) =>
      sendCode(context, db, { pool, user, purpose, message: 'verify-attribute', attribute, value }),
    )
    context.outbox.wake()
    return { CodeDeliveryDetails }
  },
)
