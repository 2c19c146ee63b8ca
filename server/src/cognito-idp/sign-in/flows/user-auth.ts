// USER_AUTH: the user, or the application, chooses the first factor (docs/reference/user-pools.md 9.6). With the Session of
// a sign-up nothing is asked. Round trips: as for USER_SRP_AUTH; for a code, see sign-in-code.ts.
import type { Context } from '../../../context.ts'
import { ApiError } from '../../../errors.ts'
import { simulatedDestination } from '../../codes/simulated-code.ts'
import { verifyAccessToken } from '../../tokens/access-token.ts'
import { levelsOf } from '../../user-pools/acr-rules.ts'
import type { StoredUser } from '../../users/user-store.ts'
import { couldStepUp, type Proven, provenBy, usableSecondFactors } from '../assurance-rules.ts'
import { contactsOfPolicy } from '../factor-rules.ts'
import { choose, requireFirstFactor } from '../first-factor.ts'
import { identify } from '../identify.ts'
import { SignInRefused } from '../refused.ts'
import { requireParameter, type SignInRequest, type SignInState, type Step } from '../sign-in.ts'
import { signInAfterSignUp } from '../sign-up-session.ts'
import { hidesExistence } from '../user-state-rules.ts'

const BEGUN: SignInState = { began: 'choice', proofs: [] }

export const userAuth: Step = async (context, request) => {
  const name = requireParameter(request, 'USERNAME')
  if (request.session !== undefined) return signInAfterSignUp(context, request)
  const { pool, client } = request
  const begun = { ...BEGUN, ...requestedLevels(request) }
  const preferred = request.parameters.PREFERRED_CHALLENGE
  const factor = preferred ? requireFirstFactor(preferred, 'PREFERRED_CHALLENGE') : undefined
  const password = factor === 'PASSWORD' ? request.parameters.PASSWORD : undefined
  const candidate = await identify(context, request, name, password)
  if (candidate.user?.status === 'RESET_REQUIRED' && !hidesExistence(client.settings))
    throw new SignInRefused('reset-required', candidate.user.sub)
  const contacts = contactsOfPolicy(pool.settings)
  // For users as well, so that it takes as long.
  const ofNobody = contacts.length === 0 ? undefined : simulatedDestination(context, pool, contacts, name)
  const signer = { ...candidate, simulated: candidate.user ? undefined : ofNobody }
  const credit = await creditOf(context, request, candidate.user, begun)
  if (credit) return { kind: 'progress', signer, state: { ...begun, ...credit } }
  return factor ? choose(context, request, signer, begun, factor) : { kind: 'progress', signer, state: begun }
}

/**
 * TARGET_ACR_VALUES, the most wanted first (docs/reference/oauth-and-federation.md 13). MAX_AGE holds for every sign-in that
 * begins now. Throws InvalidParameterException for values of which none is a level of the pool, and for an ACCESS_TOKEN
 * without them.
 */
function requestedLevels({ pool, parameters }: SignInRequest): Pick<SignInState, 'levels'> {
  const { TARGET_ACR_VALUES: values, MAX_AGE: age, ACCESS_TOKEN: token } = parameters
  if (age && !/^\d{1,9}$/.test(age)) throw new ApiError('InvalidParameterException', 'Invalid MAX_AGE')
  if (token && !values)
    throw new ApiError('InvalidParameterException', 'ACCESS_TOKEN is only good with TARGET_ACR_VALUES')
  if (!values) return {}
  const levels = levelsOf(pool.settings, values.split(' '))
  if (levels.length === 0) throw new ApiError('InvalidParameterException', 'Invalid TARGET_ACR_VALUES')
  return { levels }
}

/**
 * What the user has proven in the sign-in of ACCESS_TOKEN, where one more proof leads to a level that is asked for; nothing
 * where it is older than MAX_AGE. A token never stands for a whole sign-in: who has stolen one would have a refresh token
 * for it (docs/behaviour/sign-in.md). Throws NotAuthorizedException for a token of another user or app client.
 */
async function creditOf(
  context: Context,
  { pool, client, parameters }: SignInRequest,
  user: StoredUser | undefined,
  { levels = [] }: SignInState,
): Promise<Proven | undefined> {
  const { ACCESS_TOKEN: token, MAX_AGE: age } = parameters
  if (!token) return undefined
  const caller = await verifyAccessToken(context, token)
  if (caller.user.sub !== user?.sub || caller.client.clientId !== client.clientId)
    throw new ApiError('NotAuthorizedException', 'Invalid Access Token')
  const seconds = context.clock.now() / 1000 - caller.claims.auth_time
  if (age && seconds > Number(age)) return undefined
  const proven = provenBy(caller.claims.amr ?? [])
  return couldStepUp(proven, levels, usableSecondFactors(pool.settings, user)) ? proven : undefined
}
