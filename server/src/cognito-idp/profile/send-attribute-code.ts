// A code that verifies an address or number of a user: the pending value if there is one, else the present one.
// docs/reference/user-pools.md 5.3, 8.
import type { Context } from '../../context.ts'
import type { CodeDeliveryDetailsType } from '../../contract/cognito-idp.types.ts'
import { isContact } from '../../messages/delivery-rules.ts'
import { fail } from '../../operation.ts'
import { ATTEMPT_LIMIT_MESSAGE, withinDailyLimit, withinHourlyLimit } from '../attempts/attempts.ts'
import { attributePurpose, liveCodeValue, sendCodeAlone } from '../codes/codes.ts'
import type { Place } from '../sign-in/sign-in.ts'
import { noSuchUserError } from '../users/require-user.ts'
import type { StoredUser } from '../users/user-store.ts'
import { NOT_VERIFIABLE_MESSAGE, waitsForVerification } from '../users/verification-rules.ts'

interface Asked {
  readonly attribute: string
  readonly clientMetadata?: Record<string, string> | undefined
  /** The client's address. */
  readonly remoteAddress: string | undefined
}

/** Where it was sent. Throws InvalidParameterException, LimitExceededException and UserNotFoundException. */
export async function sendAttributeCode(
  context: Context,
  { pool, client }: Place,
  user: StoredUser,
  { attribute, clientMetadata, remoteAddress }: Asked,
): Promise<CodeDeliveryDetailsType> {
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
  const from = { asker: { address: remoteAddress }, clientId: client.clientId, clientMetadata }
  const code = { pool, user, purpose, message: 'verify-attribute', attribute, value, ...from } as const
  const details = await sendCodeAlone(context, code)
  if (!details) throw noSuchUserError()
  return details
}
