// UpdateUserAttributes: users change their own attributes (docs/reference/user-pools.md 5.3, 7.8). What happens to a
// changed address or number, and which codes are sent, is decided by users/verification-rules.ts.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import { ATTEMPT_LIMIT_MESSAGE, withinDailyLimit, withinHourlyLimit } from '../attempts/attempts.ts'
import { attributePurpose, noteCode, type PreparedCode, prepareCode, writeCode } from '../codes/codes.ts'
import { type OperationRequest, operation } from '../operation.ts'
import { attributesFromList, sameAttributes } from '../users/attribute-rules.ts'
import { changeUser } from '../users/change-user.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { NameTaken, type StoredUser } from '../users/user-store.ts'
import { type CodeToSend, updateAttributes } from '../users/verification-rules.ts'
import { updateRefusal } from './attribute-write-rules.ts'

type Request = OperationRequest<'UpdateUserAttributes'>

export const updateUserAttributes = operation('UpdateUserAttributes', async (context, request) => {
  const { input, caller, pool, client, remoteAddress, fail } = request
  const changes = attributesFromList(input.UserAttributes)
  requireWritable(request, caller.user)
  await requireLimits(context, request, updateAttributes(pool.settings, caller.user.attributes, changes).codes)
  let sent: PreparedCode[] = []
  try {
    const user = await changeUser(context, pool, caller.user, async (current) => {
      requireWritable(request, current)
      const { attributes, codes } = updateAttributes(pool.settings, current.attributes, changes)
      const prepared: PreparedCode[] = []
      for (const { attribute, value, pending } of codes) {
        const purpose = attributePurpose(attribute, pending)
        const message = { pool, user: current, purpose, message: 'update-attribute', attribute, value } as const
        const from = {
          asker: { address: remoteAddress },
          clientId: client.clientId,
          clientMetadata: input.ClientMetadata,
        }
        prepared.push(await prepareCode(context, { ...message, ...from }))
      }
      sent = prepared
      const user = sameAttributes(attributes, current.attributes) ? current : { ...current, attributes }
      if (prepared.length === 0) return { user }
      // Even when only a pending value is sent a code and the user does not change, changeUser writes the user's row,
      // so that no code outlives its user.
      const after = async (db: Db): Promise<void> => {
        for (const code of prepared) await writeCode(context, db, code)
      }
      return { user, after }
    })
    if (!user) throw noSuchUserError()
  } catch (error) {
    if (error instanceof NameTaken) throw fail('AliasExistsException', nameTakenMessage(error.kind))
    throw error
  }
  if (sent.length === 0) return {}
  context.outbox.wake()
  for (const code of sent) noteCode(context, code)
  return { CodeDeliveryDetailsList: sent.map(({ details }) => details) }
})

function requireWritable({ input, pool, client, fail }: Request, user: StoredUser): void {
  const settings = { pool: pool.settings, client: client.settings }
  const refusal = updateRefusal(settings, user.attributes, input.UserAttributes)
  if (refusal) throw fail(refusal.refused, refusal.message)
}

/** Limits the codes that one user sends to many addresses or numbers. */
async function requireLimits(context: Context, { caller, pool, fail }: Request, codes: readonly CodeToSend[]) {
  for (const { attribute, pending } of codes) {
    if (
      !(await withinHourlyLimit(context, pool.id, caller.user.sub, 'ChangedAttributeCode')) ||
      !(await withinDailyLimit(context, pool.id, caller.user.sub, attributePurpose(attribute, pending)))
    ) {
      // UpdateUserAttributes declares no LimitExceededException.
      throw fail('TooManyRequestsException', ATTEMPT_LIMIT_MESSAGE)
    }
  }
}
