// A user changes its own attributes (user-pools reference 5.3, 7.8). What becomes of a changed address or number, and
// which codes go out, is sign-up/verification-rules.ts.
import type { Context } from '../../context.ts'
import type { CodeDeliveryDetailsType } from '../../contract/cognito-idp.types.ts'
import { sendCode } from '../../messages/codes.ts'
import { type OperationRequest, operation } from '../../operation.ts'
import { ATTEMPT_LIMIT_MESSAGE, withinDestinationLimit, withinHourlyLimit } from '../attempts/attempts.ts'
import { type CodeToSend, sameAttributes, updateAttributes } from '../sign-up/verification-rules.ts'
import { attributesFromList } from '../users/attribute-rules.ts'
import { changeUser } from '../users/change-user.ts'
import { noSuchUser } from '../users/require-user.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { NameTaken, type StoredUser } from '../users/user-store.ts'
import { updateRefusal } from './attribute-write-rules.ts'

type Request = OperationRequest<'UpdateUserAttributes'>

export const updateUserAttributes = operation('UpdateUserAttributes', async (context, request) => {
  const { input, caller, pool, fail } = request
  const changes = attributesFromList(input.UserAttributes)
  requireWritable(request, caller.user)
  await requireLimits(context, request, updateAttributes(pool.settings, caller.user.attributes, changes).codes)
  let sent: CodeDeliveryDetailsType[] = []
  try {
    const user = await changeUser(context, pool, caller.user.sub, async (current, db) => {
      requireWritable(request, current)
      const { attributes, codes } = updateAttributes(pool.settings, current.attributes, changes)
      sent = []
      for (const { attribute, value, pending } of codes) {
        const purpose = `${pending ? 'change' : 'verify'}:${attribute}` as const
        const message = { pool, user: current, purpose, message: 'update-attribute', attribute, value } as const
        sent.push(await sendCode(context, db, message))
      }
      return sameAttributes(attributes, current.attributes) ? current : { ...current, attributes }
    })
    if (!user) throw noSuchUser()
  } catch (error) {
    if (error instanceof NameTaken) throw fail('AliasExistsException', nameTakenMessage(error.kind))
    throw error
  }
  if (sent.length === 0) return {}
  context.outbox.wake()
  return { CodeDeliveryDetailsList: sent }
})

function requireWritable({ input, pool, client, fail }: Request, user: StoredUser): void {
  const settings = { pool: pool.settings, client: client.settings }
  const refusal = updateRefusal(settings, user.attributes, input.UserAttributes)
  if (refusal) throw fail(refusal.name, refusal.message)
}

/** Nobody may have codes sent to ever new addresses and numbers, nor many people to one. */
async function requireLimits(context: Context, { caller, pool, fail }: Request, codes: readonly CodeToSend[]) {
  for (const { attribute, value } of codes) {
    if (
      !(await withinHourlyLimit(context, pool.id, caller.user.sub, 'ChangedAttributeCode')) ||
      !(await withinDestinationLimit(context, pool.id, attribute, value))
    ) {
      // The service declares no LimitExceededException here.
      throw fail('TooManyRequestsException', ATTEMPT_LIMIT_MESSAGE)
    }
  }
}
