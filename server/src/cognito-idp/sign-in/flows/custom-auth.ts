// CUSTOM_AUTH: the pool's triggers decide what is asked (docs/reference/user-pools.md 9.5). With CHALLENGE_NAME SRP_A the
// client has sent its SRP_A, and the triggers may ask for the password first.
import { ApiError } from '../../../errors.ts'
import { functionOf } from '../../../triggers/call.ts'
import type { TriggerName } from '../../../triggers/trigger.ts'
import { simulatedDestination } from '../../codes/simulated-code.ts'
import { identify } from '../identify.ts'
import { SignInRefused } from '../refused.ts'
import { requireParameter, type Step } from '../sign-in.ts'
import { requireSrpA } from '../srp-a.ts'
import { customRefusal, hidesExistence, untestedRefusal } from '../user-state-rules.ts'

const TRIGGERS: readonly TriggerName[] = ['DefineAuthChallenge', 'CreateAuthChallenge', 'VerifyAuthChallengeResponse']

export const customAuth: Step = async (context, request) => {
  if (TRIGGERS.some((name) => functionOf(request.pool, name) === undefined))
    throw new ApiError('InvalidParameterException', 'Custom auth lambda trigger is not configured for the user pool.')
  const name = requireParameter(request, 'USERNAME')
  const withSrp = request.parameters.CHALLENGE_NAME === 'SRP_A'
  if (withSrp) requireSrpA(request)
  const candidate = await identify(context, request, name)
  const { user } = candidate
  const { pool, client } = request
  const hides = hidesExistence(client.settings)
  const untested = untestedRefusal(user)
  if (untested) throw new SignInRefused(untested, user?.sub)
  // At the end where the client hides who exists; who is disabled is told then in any case.
  const refusal = user?.enabled && !hides ? customRefusal(user) : undefined
  if (refusal) throw new SignInRefused(refusal, user?.sub)
  // The triggers may ask for a code by SMS, also of who has no number.
  const simulated =
    hides && !user?.attributes.phone_number ? simulatedDestination(context, pool, ['phone_number'], name) : undefined
  const signer = { ...candidate, simulated }
  const result = withSrp ? { challengeName: 'SRP_A', challengeResult: true } : undefined
  return { kind: 'progress', signer, state: { began: 'custom', proofs: [], result } }
}
