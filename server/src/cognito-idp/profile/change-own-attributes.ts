// Users change their own attributes (docs/reference/user-pools.md 5.3, 7.8). What happens to a changed address or number, and
// which codes are sent, is decided by users/verification-rules.ts.
import type { Context } from '../../context.ts'
import type { AttributeType, CodeDeliveryDetailsType } from '../../contract/cognito-idp.types.ts'
import type { Db } from '../../database/database.ts'
import { fail } from '../../operation.ts'
import { ATTEMPT_LIMIT_MESSAGE, withinDailyLimit, withinHourlyLimit } from '../attempts/attempts.ts'
import { attributePurpose, noteCode, type PreparedCode, prepareCode, writeCode } from '../codes/codes.ts'
import type { Place } from '../sign-in/sign-in.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { attributesFromList, sameAttributes } from '../users/attribute-rules.ts'
import { changeUser } from '../users/change-user.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { NameTaken, type StoredUser } from '../users/user-store.ts'
import { type CodeToSend, updateAttributes } from '../users/verification-rules.ts'
import { updateRefusal } from './attribute-write-rules.ts'

export interface OwnChanges {
  /** An empty value deletes an attribute. */
  readonly list: readonly AttributeType[]
  readonly clientMetadata?: Record<string, string> | undefined
  /** The client's address. */
  readonly remoteAddress: string | undefined
}

/**
 * Where codes were sent for changed addresses and numbers. Throws NotAuthorizedException for an attribute that the client may
 * not write, InvalidParameterException, AliasExistsException, TooManyRequestsException and UserNotFoundException.
 */
export async function changeOwnAttributes(
  context: Context,
  { pool, client }: Place,
  known: StoredUser,
  { list, clientMetadata, remoteAddress }: OwnChanges,
): Promise<CodeDeliveryDetailsType[]> {
  const requireWritable = (user: StoredUser): void => {
    const refusal = updateRefusal({ pool: pool.settings, client: client.settings }, user.attributes, list)
    if (refusal) throw fail(refusal.refused, refusal.message)
  }
  const changes = attributesFromList(list)
  requireWritable(known)
  await requireLimits(context, pool, known, updateAttributes(pool.settings, known.attributes, changes).codes)
  let sent: PreparedCode[] = []
  try {
    const user = await changeUser(context, pool, known, async (current) => {
      requireWritable(current)
      const { attributes, codes } = updateAttributes(pool.settings, current.attributes, changes)
      const prepared: PreparedCode[] = []
      for (const { attribute, value, pending } of codes) {
        const purpose = attributePurpose(attribute, pending)
        const message = { pool, user: current, purpose, message: 'update-attribute', attribute, value } as const
        const from = { asker: { address: remoteAddress }, clientId: client.clientId, clientMetadata }
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
  if (sent.length > 0) context.outbox.wake()
  for (const code of sent) noteCode(context, code)
  return sent.map(({ details }) => details)
}

/** Limits the codes that one user sends to many addresses or numbers. */
async function requireLimits(
  context: Context,
  pool: UserPool,
  { sub }: StoredUser,
  codes: readonly CodeToSend[],
): Promise<void> {
  for (const { attribute, pending } of codes) {
    if (
      !(await withinHourlyLimit(context, pool.id, sub, 'ChangedAttributeCode')) ||
      !(await withinDailyLimit(context, pool.id, sub, attributePurpose(attribute, pending)))
    ) {
      // UpdateUserAttributes declares no LimitExceededException.
      throw fail('TooManyRequestsException', ATTEMPT_LIMIT_MESSAGE)
    }
  }
}
