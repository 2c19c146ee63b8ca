// NEW_PASSWORD_REQUIRED: after a correct temporary password, the user chooses a password of their own
// (docs/reference/user-pools.md 9.7). A refused response leaves the session valid, so that the user may try again.
import type { Context } from '../../../context.ts'
import type { AttributeType } from '../../../contract/cognito-idp.types.ts'
import { ApiError } from '../../../errors.ts'
import { passwordChanged } from '../../../events.ts'
import { updateRefusal } from '../../profile/attribute-write-rules.ts'
import { requireUncompromised } from '../../threats/compromised.ts'
import { readableAttributes } from '../../user-pool-clients/attribute-permission-rules.ts'
import { requiredAttributes } from '../../user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../../user-pools/pool-settings.ts'
import { attributesFromList, mergeAttributes } from '../../users/attribute-rules.ts'
import { changeUser } from '../../users/change-user.ts'
import { newCredential, wasUsedBefore } from '../../users/credentials.ts'
import { passwordProblem } from '../../users/password-rules.ts'
import { nameTakenMessage } from '../../users/user-name-rules.ts'
import { NameTaken, type StoredUser } from '../../users/user-store.ts'
import { SignInRefused } from '../refused.ts'
import { isOf, openSession, type Session, signerOfSession, spendSession, usedOr } from '../session.ts'
import { type Challenge, type Place, requireParameter, type SignInRequest, type Step, withProof } from '../sign-in.ts'

const PREFIX = 'userAttributes.'
const CONTACTS = ['email', 'phone_number'] as const

/** ChallengeParameters. `userAttributes` has those that the client may read (docs/reference/user-pools.md 6.2, 9.7). */
function parametersFor({ pool, client }: Place, user: StoredUser): Record<string, string> {
  const missing = missingAttributes(pool.settings, user)
  const readable = readableAttributes(pool.settings, client.settings)
  const shown = Object.entries(user.attributes).filter(([name]) => readable.includes(name))
  return {
    USER_ID_FOR_SRP: user.username,
    requiredAttributes: JSON.stringify(missing.map((name) => PREFIX + name)),
    userAttributes: JSON.stringify(Object.fromEntries(shown)),
  }
}

const missingAttributes = (pool: UserPoolSettings, user: StoredUser): string[] =>
  requiredAttributes(pool).filter((name) => !user.attributes[name])

const answer: Step = async (context, request) => {
  const password = requireParameter(request, 'NEW_PASSWORD')
  const session = openSession(context, request, 'NEW_PASSWORD_REQUIRED')
  const { user, ...signer } = await signerOfSession(context, request, session)
  if (!user || !stillApplies(user, session)) throw await usedOr(context.db, request.pool.id, session, 'invalid-session')
  const attributes = attributesOf(request.parameters)
  checkAttributes(request, user, attributes)
  const problem = passwordProblem(request.pool.settings, password)
  if (problem !== undefined) throw new ApiError('InvalidPasswordException', problem)
  await requireUncompromised(context, request, 'PASSWORD_CHANGE', password)
  if (await wasUsedBefore(context, request.pool, user, password))
    throw new ApiError('PasswordHistoryPolicyViolationException', 'Password has previously been used')
  const changed = await setPassword(context, request, session, user, attributes, password)
  passwordChanged(context, { pool: request.pool.id, sub: user.sub, by: 'invitation' })
  return { kind: 'progress', signer: { ...signer, user: changed }, state: withProof(session.state, 'new-password') }
}

const stillApplies = (user: StoredUser, session: Session): boolean =>
  user.status === 'FORCE_CHANGE_PASSWORD' && isOf(session, user)

const attributesOf = (parameters: SignInRequest['parameters']): AttributeType[] =>
  Object.entries(parameters)
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, Value]) => ({ Name: key.slice(PREFIX.length), Value }))

/** The rules of UpdateUserAttributes apply, except that missing required attributes may be set though immutable. */
function checkAttributes({ pool, client }: SignInRequest, user: StoredUser, list: readonly AttributeType[]): void {
  const given = attributesFromList(list)
  const provided = CONTACTS.find((name) => given[name] !== undefined && user.attributes[name] !== undefined)
  if (provided !== undefined)
    throw new ApiError('NotAuthorizedException', `Cannot modify an already provided ${provided}`)
  const missing = missingAttributes(pool.settings, user)
  const settings = { pool: pool.settings, client: client.settings }
  const unanswered = missing.find((name) => !given[name])
  if (unanswered !== undefined)
    throw new ApiError('InvalidParameterException', `Invalid attributes given, ${unanswered} is missing`)
  const refusal = updateRefusal(settings, user.attributes, list, missing)
  if (refusal) throw new ApiError(refusal.refused, refusal.message)
}

async function setPassword(
  context: Context,
  request: SignInRequest,
  session: Session,
  user: StoredUser,
  attributes: readonly AttributeType[],
  password: string,
): Promise<StoredUser> {
  const credential = await newCredential(context, request.pool, user, password)
  try {
    const changed = await changeUser(context, request.pool, user, (current) => {
      if (!stillApplies(current, session)) throw new SignInRefused('invalid-session', user.sub)
      // An administrator may have set one of the attributes since the first check.
      checkAttributes(request, current, attributes)
      return {
        user: {
          ...current,
          ...credential,
          status: 'CONFIRMED',
          attributes: mergeAttributes(current.attributes, attributesFromList(attributes)),
        },
        // Before every other statement: of concurrent requests with one session, the later get "can only be used once".
        before: (db) => spendSession(db, request.pool.id, session),
      }
    })
    if (!changed) throw new SignInRefused('invalid-session', user.sub)
    return changed
  } catch (error) {
    if (error instanceof NameTaken)
      throw new ApiError('AliasExistsException', nameTakenMessage(error.kind), { cause: error })
    throw error
  }
}

export const newPasswordRequired: Challenge = {
  announce: (_context, request, { signer }) => ({ parameters: parametersFor(request, signer.user as StoredUser) }),
  answer,
}
