// USER_AUTH: the user, or the application, chooses the first factor (docs/reference/user-pools.md 9.6). With the Session of
// a sign-up nothing is asked. Round trips: as for USER_SRP_AUTH; for a code, see sign-in-code.ts.
import { ApiError } from '../../../errors.ts'
import { simulatedDestination } from '../../codes/simulated-code.ts'
import { contactsOfPolicy } from '../factor-rules.ts'
import { choose, requireFirstFactor } from '../first-factor.ts'
import { identify } from '../identify.ts'
import { SignInRefused } from '../refused.ts'
import { requireParameter, type SignInState, type Step } from '../sign-in.ts'
import { signInAfterSignUp } from '../sign-up-session.ts'
import { hidesExistence } from '../user-state-rules.ts'

const BEGUN: SignInState = { began: 'choice', proofs: [] }

/** What asks for a level of assurance (docs/reference/user-pools.md 9.6), which the login pages alone can reach so far. */
const STEP_UP = ['TARGET_ACR_VALUES', 'MAX_AGE']

export const userAuth: Step = async (context, request) => {
  const asked = STEP_UP.find((name) => request.parameters[name])
  if (asked !== undefined)
    throw new ApiError(
      'NotImplementedException',
      `Cognomen does not implement ${asked} of USER_AUTH yet; see docs/compatibility.md.`,
      { status: 501 },
    )
  const name = requireParameter(request, 'USERNAME')
  if (request.session !== undefined) return signInAfterSignUp(context, request)
  const { pool, client } = request
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
  return factor ? choose(context, request, signer, BEGUN, factor) : { kind: 'progress', signer, state: BEGUN }
}
