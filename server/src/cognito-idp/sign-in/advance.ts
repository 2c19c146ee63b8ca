// Runs a step of a sign-in and answers what follows: a challenge or tokens. next-step.ts decides which; the steps are in
// flows/ and challenges/. Every door takes this way, and words the refusals (refused.ts) for its callers.

import type { Context } from '../../context.ts'
import type { AuthenticationResultType, ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import { challenged, signedIn, signInRefused } from '../../events.ts'
import { groupsOfUser } from '../groups/group-store.ts'
import { notAvailableError } from '../not-available-error.ts'
import { type IssuedTokens, issueSignInTokens } from '../tokens/issue.ts'
import { challenges } from './challenges.ts'
import { factsOfSigner } from './factor-rules.ts'
import { deviceOfTokens, withDevice } from './known-device.ts'
import { type NextStep, nextStep } from './next-step.ts'
import { SignInRefused } from './refused.ts'
import { sealSession } from './session.ts'
import type { Outcome, Place, Progress, SignInRequest, Step } from './sign-in.ts'

/** What the user gets: a challenge to answer, or tokens. */
export type Advance =
  | {
      kind: 'challenge'
      name: ChallengeNameType
      parameters: Record<string, string>
      session?: string
      available?: readonly ChallengeNameType[]
    }
  | {
      kind: 'tokens'
      tokens: IssuedTokens & Pick<AuthenticationResultType, 'RefreshToken' | 'NewDeviceMetadata'>
    }

/** Runs a step and what follows it. Throws SignInRefused, whose event is recorded here, and NotImplementedException. */
export const advance = (context: Context, request: SignInRequest, step: Step): Promise<Advance> =>
  noted(context, request, async () => follow(context, request, await step(context, request)))

/** Runs a part of a sign-in. Throws what it throws, and records the event of a SignInRefused. */
export async function noted<T>(context: Context, { pool, client }: Place, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof SignInRefused) {
      const { sub, reason } = error
      signInRefused(context, { pool: pool.id, client: client.clientId, sub, reason })
    }
    throw error
  }
}

async function follow(context: Context, request: SignInRequest, outcome: Outcome): Promise<Advance> {
  switch (outcome.kind) {
    case 'tokens':
      return outcome
    case 'progress': {
      const { signer } = outcome
      const state = await withDevice(context, request, outcome)
      const progress = { ...outcome, state }
      const step = nextStep(factsOfSigner(request, signer), state)
      switch (step.kind) {
        case 'challenge':
          return issueChallenge(context, request, progress, step)
        case 'tokens':
          return issueTokens(context, request, progress)
        case 'refused':
          throw new SignInRefused(step.reason, signer.user?.sub)
      }
    }
  }
}

async function issueChallenge(
  context: Context,
  request: SignInRequest,
  progress: Progress,
  { name, among = [] }: NextStep & { kind: 'challenge' },
): Promise<Advance> {
  const challenge = challenges[name]
  if (!challenge) throw notAvailableError(`the challenge ${name}`)
  const { parameters, available, pending, withoutSession } = await challenge.announce(context, request, progress, among)
  if (withoutSession) return { kind: 'challenge', name, parameters }
  const { signer, state } = progress
  challenged(context, {
    pool: request.pool.id,
    client: request.client.clientId,
    sub: signer.user?.sub,
    challenge: name,
  })
  return {
    kind: 'challenge',
    name,
    parameters,
    available,
    session: sealSession(context, request, signer, name, pending ? { ...state, pending } : state),
  }
}

async function issueTokens(
  context: Context,
  { pool, client, source: from }: SignInRequest,
  { signer: { user }, groups, state }: Progress,
): Promise<Advance> {
  // Nobody gives a proof for a name that belongs to nobody.
  if (!user) throw new SignInRefused('unknown-user')
  const subject = { pool, client, user, groups: groups ?? (await groupsOfUser(context.db, pool.id, user.sub)) }
  const { deviceKey, ...device } = deviceOfTokens(context, pool, state)
  const source = state.proofs.includes('device')
    ? 'TokenGeneration_AuthenticateDevice'
    : 'TokenGeneration_Authentication'
  const tokens = { ...(await issueSignInTokens(context, subject, from, { source }, deviceKey)), ...device }
  signedIn(context, { pool: pool.id, client: client.clientId, sub: user.sub })
  return { kind: 'tokens', tokens }
}
