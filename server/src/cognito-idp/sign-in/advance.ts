// Turns the outcome of a flow or challenge into the response: a challenge or tokens. next-step.ts decides which of the
// two follows a proof; the flows and challenges themselves are in flows/ and challenges/.

import type { Context } from '../../context.ts'
import type { ChallengeNameType, InitiateAuthResponse } from '../../contract/cognito-idp.types.ts'
import { challenged, signedIn } from '../../events.ts'
import { groupsOfUser } from '../groups/group-store.ts'
import { notAvailableError } from '../not-available-error.ts'
import { issueSignInTokens } from '../tokens/issue.ts'
import type { StoredUser } from '../users/user-store.ts'
import { challenges } from './challenges.ts'
import { nextStep } from './next-step.ts'
import { sealSession } from './session.ts'
import type { Outcome, Proof, Proven, SignInRequest } from './sign-in.ts'

/** The response of InitiateAuth, RespondToAuthChallenge and their Admin counterparts. */
export type SignInAnswer = InitiateAuthResponse

/** The response to a sign-in request whose flow or challenge ended in `outcome`. Throws NotImplementedException. */
export async function advance(context: Context, request: SignInRequest, outcome: Outcome): Promise<SignInAnswer> {
  switch (outcome.kind) {
    case 'challenge':
      return { ChallengeName: outcome.name, ChallengeParameters: outcome.parameters, Session: outcome.session }
    case 'tokens':
      return { ChallengeParameters: {}, AuthenticationResult: outcome.tokens }
    case 'proven':
      return afterProofs(context, request, outcome)
  }
}

async function afterProofs(
  context: Context,
  request: SignInRequest,
  { user, groups, proofs }: Proven,
): Promise<SignInAnswer> {
  const step = nextStep(request.pool.settings, user, proofs)
  if (step.kind === 'unavailable') throw notAvailableError(step.what)
  if (step.kind === 'challenge') return issueChallenge(context, request, user, step.name, proofs)
  const { pool, client } = request
  const subject = { pool, client, user, groups: groups ?? (await groupsOfUser(context.db, pool.id, user.sub)) }
  const tokens = await issueSignInTokens(context, subject)
  signedIn(context, { pool: pool.id, client: client.clientId, sub: user.sub })
  return { ChallengeParameters: {}, AuthenticationResult: tokens }
}

function issueChallenge(
  context: Context,
  request: SignInRequest,
  user: StoredUser,
  name: ChallengeNameType,
  proofs: readonly Proof[],
): SignInAnswer {
  const challenge = challenges[name]
  if (!challenge?.parameters) throw notAvailableError(`the challenge ${name}`)
  challenged(context, {
    pool: request.pool.id,
    client: request.client.clientId,
    sub: user.sub,
    challenge: name,
  })
  return {
    ChallengeName: name,
    ChallengeParameters: challenge.parameters(request, user),
    Session: sealSession(context, request, user, name, proofs),
  }
}
