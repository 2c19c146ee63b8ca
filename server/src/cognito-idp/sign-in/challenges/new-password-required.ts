// NEW_PASSWORD_REQUIRED: a temporary password was right, the user chooses an own one (user-pools reference 9.7).
// A refused answer leaves the session good, so that the user may try again.
import type { Context } from '../../../context.ts'
import { ApiError } from '../../../errors.ts'
import { mayWrite } from '../../user-pool-clients/attribute-permission-rules.ts'
import { requiredAttributes } from '../../user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../../user-pools/pool-settings.ts'
import { attributeProblem, mergeAttributes } from '../../users/attribute-rules.ts'
import { changeUser } from '../../users/change-user.ts'
import { newCredential, wasUsedBefore } from '../../users/credentials.ts'
import { passwordProblem } from '../../users/password-rules.ts'
import { nameTakenMessage } from '../../users/user-name-rules.ts'
import { NameTaken, type StoredUser } from '../../users/user-store.ts'
import { invalidSession, openSession, type Session, spendSession, userOfSession } from '../session.ts'
import { requireParameter, type SignInRequest, type Step } from '../sign-in.ts'
import { signInRefusal } from '../user-state-rules.ts'

const PREFIX = 'userAttributes.'

export function newPasswordParameters(pool: UserPoolSettings, user: StoredUser): Record<string, string> {
  const missing = requiredAttributes(pool).filter((name) => !user.attributes[name])
  return {
    USER_ID_FOR_SRP: user.username,
    requiredAttributes: JSON.stringify(missing.map((name) => PREFIX + name)),
    userAttributes: JSON.stringify(user.attributes),
  }
}

export const newPasswordRequired: Step = async (context, request) => {
  const password = requireParameter(request, 'NEW_PASSWORD')
  const session = openSession(context, request, 'NEW_PASSWORD_REQUIRED')
  const user = await userOfSession(context, request, session)
  if (!stillApplies(user, session)) throw invalidSession()
  const refusal = signInRefusal(request.pool.settings, user, context.clock.now())
  if (refusal) throw new ApiError(refusal.name, refusal.message)
  const attributes = checkedAttributes(request, user)
  const problem = passwordProblem(request.pool.settings, password)
  if (problem !== undefined) throw new ApiError('InvalidPasswordException', problem)
  if (await wasUsedBefore(context, request.pool, user, password))
    throw new ApiError('PasswordHistoryPolicyViolationException', 'Password has previously been used')
  const changed = await setPassword(context, request, session, user, attributes, password)
  return { kind: 'proven', user: changed, proofs: [...session.proofs, 'new-password'] }
}

const stillApplies = (user: StoredUser, session: Session): boolean =>
  user.status === 'FORCE_CHANGE_PASSWORD' && user.credentialSetAt === session.credentialSetAt

/** The attributes of the answer, checked against permission, schema and what the user has. */
function checkedAttributes({ pool, client, parameters }: SignInRequest, user: StoredUser): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [key, value] of Object.entries(parameters))
    if (key.startsWith(PREFIX)) attributes[key.slice(PREFIX.length)] = value
  for (const name of Object.keys(attributes)) {
    if ((name === 'email' || name === 'phone_number') && user.attributes[name] !== undefined)
      throw new ApiError('NotAuthorizedException', `Cannot modify an already provided ${name}`)
    if (name.endsWith('_verified') || name === 'sub' || !mayWrite(client.settings, name))
      throw new ApiError('NotAuthorizedException', 'A client attempted to write unauthorized attribute')
  }
  const problem = attributeProblem(pool.settings, attributes)
  if (problem !== undefined) throw new ApiError('InvalidParameterException', problem)
  const missing = requiredAttributes(pool.settings).find((name) => !user.attributes[name] && !attributes[name])
  if (missing !== undefined)
    throw new ApiError('InvalidParameterException', `Invalid attributes given, ${missing} is missing`)
  return attributes
}

async function setPassword(
  context: Context,
  request: SignInRequest,
  session: Session,
  user: StoredUser,
  attributes: Record<string, string>,
  password: string,
): Promise<StoredUser> {
  const credential = await newCredential(context, request.pool, user, password)
  try {
    const changed = await changeUser(context, request.pool, user.sub, async (current, db) => {
      await spendSession(db, request.pool.id, session)
      if (!stillApplies(current, session)) throw invalidSession()
      return {
        ...current,
        ...credential,
        status: 'CONFIRMED',
        attributes: mergeAttributes(current.attributes, attributes),
      }
    })
    if (!changed) throw invalidSession()
    return changed
  } catch (error) {
    if (error instanceof NameTaken)
      throw new ApiError('AliasExistsException', nameTakenMessage(error.kind), { cause: error })
    throw error
  }
}
