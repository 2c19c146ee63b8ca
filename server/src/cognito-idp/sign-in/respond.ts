// The answer to a challenge, the same for RespondToAuthChallenge and AdminRespondToAuthChallenge.

import type { Context } from '../../context.ts'
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import { requireSecretHash } from '../user-pool-clients/check-secret-hash.ts'
import { advance, notAvailableError, type SignInAnswer } from './advance.ts'
import { challenges } from './challenges.ts'
import { requireParameter, type SignInRequest } from './sign-in.ts'

/** Checks what all challenges share, then lets the named one judge the answer. */
export async function respondToChallenge(
  context: Context,
  request: SignInRequest,
  name: ChallengeNameType,
): Promise<SignInAnswer> {
  const username = requireParameter(request, 'USERNAME')
  requireSecretHash(request.client, [username], request.parameters.SECRET_HASH)
  const challenge = challenges[name]
  if (!challenge) throw notAvailableError(`the challenge ${name}`)
  return advance(context, request, await challenge.answer(context, request))
}
