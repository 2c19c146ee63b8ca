// USER_AUTH: the user, or the application, chooses the first factor (docs/reference/user-pools.md 9.6). With the Session of
// a sign-up nothing is asked. Round trips: as for USER_SRP_AUTH; for a code, see sign-in-code.ts.
import { ApiError } from '../../../errors.ts'
import { simulatedDestination } from '../../codes/simulated-code.ts'
import { levelsOf } from '../../user-pools/acr-rules.ts'
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
  return factor ? choose(context, request, signer, begun, factor) : { kind: 'progress', signer, state: begun }
}

/**
 * TARGET_ACR_VALUES, the most wanted first (docs/reference/oauth-and-federation.md 13). MAX_AGE holds for every sign-in that
 * begins now. Throws InvalidParameterException for values of which none is a level of the pool, and NotImplementedException for
 * an ACCESS_TOKEN that is to count for what it was given for.
 */
function requestedLevels({ pool, parameters }: SignInRequest): Pick<SignInState, 'levels'> {
  const { TARGET_ACR_VALUES: values, MAX_AGE: age, ACCESS_TOKEN: token } = parameters
  if (age && !/^\d{1,9}$/.test(age)) throw new ApiError('InvalidParameterException', 'Invalid MAX_AGE')
  if (!values) return {}
  const levels = levelsOf(pool.settings, values.split(' '))
  if (levels.length === 0) throw new ApiError('InvalidParameterException', 'Invalid TARGET_ACR_VALUES')
  if (token)
    throw new ApiError(
      'NotImplementedException',
      'Cognomen does not implement ACCESS_TOKEN with TARGET_ACR_VALUES yet; see docs/compatibility.md.',
      { status: 501 },
    )
  return { levels }
}
