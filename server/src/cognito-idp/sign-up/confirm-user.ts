// Confirms a user with the code that was sent at sign-up (docs/reference/user-pools.md 7.4).
import type { Context } from '../../context.ts'
import type { ConfirmSignUpRequest } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import { codeRefused, signUpConfirmed } from '../../events.ts'
import { noteEndpoint } from '../analytics/note-analytics.ts'
import { ATTEMPT_LIMIT_MESSAGE, subjectOfUnknown, withinHourlyLimit } from '../attempts/attempts.ts'
import { spendCode } from '../codes/code-store.ts'
import { tryCode } from '../codes/codes.ts'
import { changeUser } from '../users/change-user.ts'
import { takeAliases } from '../users/take-aliases.ts'
import { tellConfirmed } from '../users/tell-confirmed.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { findUser, NameTaken, type StoredUser } from '../users/user-store.ts'
import type { Asker } from './asker.ts'
import { codeError } from './code-error.ts'
import { unknownNameRefusal } from './existence-rules.ts'

type Given = Pick<ConfirmSignUpRequest, 'Username' | 'ConfirmationCode' | 'ForceAliasCreation' | 'ClientMetadata'>

/**
 * The user as confirmed. Throws the errors of ConfirmSignUp, and BudgetSpent. When the PostConfirmation trigger fails, the
 * error is thrown of a user who is confirmed.
 */
export async function confirmUser(context: Context, asker: Omit<Asker, 'source'>, input: Given): Promise<StoredUser> {
  const { pool, client, remoteAddress } = asker
  const found = await findUser(context.db, pool, input.Username)
  const unknown = unknownNameRefusal(client.settings)
  if (!found && unknown) throw new ApiError('UserNotFoundException', unknown.message)
  const requireUnconfirmed = ({ status }: StoredUser): void => {
    if (status !== 'UNCONFIRMED')
      throw new ApiError('NotAuthorizedException', `User cannot be confirmed. Current status is ${status}`)
  }
  if (found) requireUnconfirmed(found)
  const subject = found?.sub ?? subjectOfUnknown(context, pool, input.Username)
  if (!(await withinHourlyLimit(context, pool.id, subject, 'ConfirmSignUp'))) {
    throw new ApiError('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
  }
  // An unknown user has at most a decoy code, written by ResendConfirmationCode.
  const owner = found ?? { sub: subject }
  const code = await tryCode(context, pool, owner, 'sign-up', input.ConfirmationCode, remoteAddress)
  if (code.outcome !== 'right') {
    codeRefused(context, { pool: pool.id, sub: found?.sub, purpose: 'sign-up', reason: code.outcome })
    throw codeError(code.outcome)
  }
  if (!found) throw codeError('wrong')
  try {
    const user = await changeUser(context, pool, found, (current) => {
      requireUnconfirmed(current)
      // The code verifies the address it was sent to, not one that an administrator has set since.
      if (current.attributes[code.attribute] !== code.value) throw codeError('expired')
      const attributes = { ...current.attributes, [`${code.attribute}_verified`]: 'true' }
      const confirmed: StoredUser = { ...current, status: 'CONFIRMED', attributes }
      return {
        user: confirmed,
        before: async (db) => {
          if (input.ForceAliasCreation) await takeAliases(context, db, pool, confirmed)
        },
        after: async (db) => {
          if (!(await spendCode(db, code.row))) throw codeError('expired')
        },
      }
    })
    if (!user) throw codeError('expired')
    signUpConfirmed(context, { pool: pool.id, sub: user.sub, by: 'code' })
    noteEndpoint(context, asker, user)
    const { clientId } = client
    await tellConfirmed(context, { pool, user, clientId, by: 'ConfirmSignUp', clientMetadata: input.ClientMetadata })
    return user
  } catch (error) {
    if (error instanceof NameTaken) throw new ApiError('AliasExistsException', nameTakenMessage(error.kind))
    throw error
  }
}
