// A step of a sign-in in the API's form: its answer, and its refusals in the API's words.

import type { Context } from '../../context.ts'
import type { InitiateAuthResponse } from '../../contract/cognito-idp.types.ts'
import { advance, giveTokens } from './advance.ts'
import { apiError } from './api-words.ts'
import { SignInRefused } from './refused.ts'
import type { Place, SignInRequest, Step } from './sign-in.ts'

/** The response of InitiateAuth, RespondToAuthChallenge and their Admin counterparts. */
export type SignInAnswer = InitiateAuthResponse

/** Runs a step and what follows it. Throws ApiError. */
export async function takeStep(context: Context, request: SignInRequest, step: Step): Promise<SignInAnswer> {
  const next = await worded(request, () => advance(context, request, step, giveTokens))
  return next.kind === 'tokens'
    ? { ChallengeParameters: {}, AuthenticationResult: next.tokens }
    : {
        ChallengeName: next.name,
        ChallengeParameters: next.parameters,
        Session: next.session,
        AvailableChallenges: next.available && [...next.available],
      }
}

/** Runs something that may throw SignInRefused; throws an ApiError in its place. */
export async function worded<T>({ client }: Pick<Place, 'client'>, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw error instanceof SignInRefused ? apiError(client.settings, error.reason, error) : error
  }
}
