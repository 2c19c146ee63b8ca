// What follows in a custom sign-in: the pool's DefineAuthChallenge trigger decides (docs/reference/user-pools.md 9.5, 13.3).
// next-step.ts says when it is asked, and what its decision leads to.
import type { Context } from '../../context.ts'
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import { callTrigger, unrecognizableError } from '../../triggers/call.ts'
import { defineAuthChallenge } from '../../triggers/events/define-auth-challenge.ts'
import { limits } from '../limits.ts'
import { mayAskPlainPassword } from './challenges/admin-no-srp-auth.ts'
import { customStateOf, keepCustomState } from './custom-state.ts'
import { occasionOf, whoOf } from './occasion.ts'
import type { CustomDecision, Progress, SignInRequest } from './sign-in.ts'

/** Challenges that the trigger may name; beside them ADMIN_NO_SRP_AUTH, where the sign-in may be asked for it. */
const NAMES: readonly ChallengeNameType[] = ['CUSTOM_CHALLENGE', 'PASSWORD_VERIFIER', 'SMS_MFA', 'DEVICE_SRP_AUTH']

/** The sign-in with the trigger's decision. Throws as callTrigger does, and InvalidLambdaResponseException. */
export async function decide(context: Context, request: SignInRequest, progress: Progress): Promise<Progress> {
  const { signer, state } = progress
  const before = await customStateOf(context, request, state.custom)
  const history = state.result ? [...before.history, state.result] : before.history
  if (history.length >= limits.customChallenges.max)
    return { ...progress, history, state: { ...state, decision: 'fail' } }
  const answer = await callTrigger(
    context,
    defineAuthChallenge,
    occasionOf(request, signer, 'DefineAuthChallenge_Authentication'),
    { ...whoOf(signer), session: history, clientMetadata: request.clientMetadata },
  )
  if (!answer) throw unrecognizableError()
  const decision = answer.failAuthentication ? 'fail' : answer.issueTokens ? 'tokens' : answer.challengeName
  if (!isDecision(request, decision)) throw unrecognizableError()
  // CUSTOM_CHALLENGE keeps the history together with what its own trigger adds.
  const keeps = decision !== 'tokens' && decision !== 'fail' && decision !== 'CUSTOM_CHALLENGE'
  const custom = keeps ? await keepCustomState(context, request, { history }) : undefined
  return { ...progress, history, state: { ...state, custom, decision } }
}

const isDecision = (request: SignInRequest, value: string | undefined): value is CustomDecision =>
  value === 'fail' ||
  value === 'tokens' ||
  NAMES.some((name) => name === value) ||
  (value === 'ADMIN_NO_SRP_AUTH' && mayAskPlainPassword(request))
