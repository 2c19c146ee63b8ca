// GetUserAttributeVerificationCode: sends a code that verifies an address or number: the pending value if there is one,
// else the present one. docs/reference/user-pools.md 5.3, 8.

import { isContact } from '../../messages/delivery-rules.ts'
import { ATTEMPT_LIMIT_MESSAGE, withinDailyLimit, withinHourlyLimit } from '../attempts/attempts.ts'
import { attributePurpose, liveCodeValue, sendCodeAlone } from '../codes/codes.ts'
import { operation } from '../operation.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { NOT_VERIFIABLE_MESSAGE, waitsForVerification } from '../users/verification-rules.ts'

export const getUserAttributeVerificationCode = operation(
  'GetUserAttributeVerificationCode',
  async (context, { input, caller, pool, client, remoteAddress, fail }) => {
    const { user } = caller
    const attribute = input.AttributeName
    if (!isContact(attribute)) throw fail('InvalidParameterException', NOT_VERIFIABLE_MESSAGE)
    const pending = waitsForVerification(pool.settings, attribute)
      ? await liveCodeValue(context, context.db, pool, user, `change:${attribute}`)
      : undefined
    const value = pending ?? user.attributes[attribute]
    if (!value) throw fail('InvalidParameterException', `User has no ${attribute} to verify.`)
    const purpose = attributePurpose(attribute, pending !== undefined)
    if (
      !(await withinHourlyLimit(context, pool.id, user.sub, 'GetUserAttributeVerificationCode')) ||
      !(await withinDailyLimit(context, pool.id, user.sub, purpose))
    ) {
      throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
    }
    const from = { asker: { address: remoteAddress }, clientId: client.clientId, clientMetadata: input.ClientMetadata }
    const code = { pool, user, purpose, message: 'verify-attribute', attribute, value, ...from } as const
    const CodeDeliveryDetails = await sendCodeAlone(context, code)
    if (!CodeDeliveryDetails) throw noSuchUserError()
    return { CodeDeliveryDetails }
  },
)
