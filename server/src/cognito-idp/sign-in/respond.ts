// What RespondToAuthChallenge and AdminRespondToAuthChallenge share.

import type { Context } from '../../context.ts'
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import { requireSecretHash } from '../user-pool-clients/check-secret-hash.ts'
import { type SignInAnswer, takeStep } from './api-answer.ts'
import { challenges } from './challenges.ts'
import { requireParameter, type SignInRequest } from './sign-in.ts'

/** Checks USERNAME and SECRET_HASH, then runs the challenge's step on the response. Throws what the step throws. */
export async function respondToChallenge(
  context: Context,
  request: SignInRequest,
  name: ChallengeNameType,
): Promise<SignInAnswer> {
  const username = requireParameter(request, 'USERNAME')
  requireSecretHash(request.client, [username], request.parameters.SECRET_HASH)
  context.unservedNotices.notePool(request.pool)
  return takeStep(context, request, challenges[name].answer)
}
