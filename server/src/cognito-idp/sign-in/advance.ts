// Runs a step of a sign-in and answers what follows: a challenge or tokens. next-step.ts decides which; the steps are in
// flows/ and challenges/. Every door takes this way, and words the refusals (refused.ts) for its callers.

import type { Context } from '../../context.ts'
import type { AuthenticationResultType, ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import { challenged, signedIn, signInRefused } from '../../events.ts'
import { callTrigger } from '../../triggers/call.ts'
import { postAuthentication } from '../../triggers/events/post-authentication.ts'
import type { TokenSource } from '../../triggers/events/pre-token-generation.ts'
import { noteFailure, noteSignIn } from '../analytics/note-analytics.ts'
import { groupsOfUser } from '../groups/group-store.ts'
import { recordEnd, recordRefusal, requireAllowedAddress, withRisk } from '../threats/sign-in-risk.ts'
import { type IssuedTokens, issueSignInTokens, newSignIn, type Subject } from '../tokens/issue.ts'
import { acrOf } from '../user-pools/acr-rules.ts'
import { amrOf, levelOf, towards, usableSecondFactors } from './assurance-rules.ts'
import { challenges } from './challenges.ts'
import { decide } from './custom-decision.ts'
import { type Facts, factsOfSigner } from './factor-rules.ts'
import { deviceOfTokens, withDevice } from './known-device.ts'
import { insteadOf, type NextStep, nextStep } from './next-step.ts'
import { occasionOf, whoOf } from './occasion.ts'
import { SignInRefused } from './refused.ts'
import { sealSession } from './session.ts'
import type { Place, Progress, SignInRequest, SignInState, Step } from './sign-in.ts'
import { codeRefusal, customRefusal, hidesExistence, signInRefusal } from './user-state-rules.ts'

export interface Challenged {
  kind: 'challenge'
  name: ChallengeNameType
  parameters: Record<string, string>
  session?: string
  available?: readonly ChallengeNameType[]
  /** What could be asked for in its place (ask-again.ts). */
  instead: readonly ChallengeNameType[]
}

export interface GivenTokens {
  kind: 'tokens'
  tokens: IssuedTokens & Pick<AuthenticationResultType, 'RefreshToken' | 'NewDeviceMetadata'>
}

/** A user who has given every proof that next-step.ts asks for. */
export interface SignedIn {
  readonly subject: Subject
  readonly state: SignInState
  readonly device: ReturnType<typeof deviceOfTokens>
}

/** What a door gives to a user who is signed in: the API tokens, the login pages a session of the browser. */
export type Finish<Result> = (context: Context, request: SignInRequest, signedIn: SignedIn) => Promise<Result>

/**
 * Runs a step and what follows it: a challenge, or the result of `finish`. (A refresh gives tokens without either.) Throws
 * SignInRefused, whose event is recorded here, and what the step and what follows throw.
 */
export const advance = <Result>(
  context: Context,
  request: SignInRequest,
  step: Step,
  finish: Finish<Result>,
): Promise<Challenged | GivenTokens | Result> =>
  noted(context, request, async () => {
    requireAllowedAddress(request)
    const outcome = await step(context, request)
    return outcome.kind === 'tokens' ? outcome : follow(context, request, outcome, finish)
  })

/** Runs a part of a sign-in. Throws what it throws, and records the event of a SignInRefused. */
export async function noted<T>(
  context: Context,
  place: Place & Partial<Pick<SignInRequest, 'session' | 'source' | 'parameters' | 'endpoint'>>,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof SignInRefused) {
      const { pool, client } = place
      const { sub, reason } = error
      signInRefused(context, { pool: pool.id, client: client.clientId, sub, reason })
      noteFailure(context, place)
      await recordRefusal(context, place, error)
    }
    throw error
  }
}

async function follow<Result>(
  context: Context,
  request: SignInRequest,
  outcome: Progress,
  finish: Finish<Result>,
): Promise<Challenged | Result> {
  const { signer } = outcome
  const facts = factsOf(request, outcome)
  let progress: Progress = { ...outcome, state: await withDevice(context, request, outcome) }
  let step = nextStep(facts, progress.state)
  if (step.kind === 'decide') {
    progress = await decide(context, request, progress)
    step = nextStep(facts, progress.state)
  }
  const state = await withRisk(context, request, progress)
  if (state.risk) {
    progress = { ...progress, state }
    step = nextStep({ ...facts, risk: state.risk.action }, state)
  }
  switch (step.kind) {
    case 'challenge':
      return issueChallenge(context, request, progress, facts, step)
    case 'tokens':
      return complete(context, request, progress, finish)
    case 'refused':
      await recordEnd(context, request, signer, progress.state, 'Fail')
      throw new SignInRefused(step.reason, signer.user?.sub)
    case 'decide':
      throw new Error('A custom sign-in goes on without a decision.')
  }
}

/** The facts of a sign-in so far, with what the application asks for. */
function factsOf(request: SignInRequest, { signer, state }: Progress): Facts {
  const facts = factsOfSigner(request, signer)
  const { user } = signer
  // What leads to a level is told of no user before the first proof, where the client hides who exists.
  const isHidden = state.proofs.length === 0 && hidesExistence(request.client.settings)
  const levels = request.levels ?? state.levels
  if (!levels || isHidden) return facts
  return towards(facts, state, levels, user ? usableSecondFactors(request.pool.settings, user) : [])
}

async function issueChallenge(
  context: Context,
  request: SignInRequest,
  known: Progress,
  facts: Facts,
  { name, among = [] }: NextStep & { kind: 'challenge' },
): Promise<Challenged> {
  const progress = { ...known, state: withoutResult(known.state) }
  const { parameters, available, withoutSession, ...kept } = await challenges[name].announce(
    context,
    request,
    progress,
    among,
  )
  const instead = insteadOf(facts, progress.state, name)
  if (withoutSession) return { kind: 'challenge', name, parameters, instead }
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
    instead,
    session: sealSession(context, request, signer, name, { ...state, ...kept }),
  }
}

/** The trigger of a custom sign-in is asked anew after each challenge, but for a device that proves itself before tokens. */
const withoutResult = ({ result, decision, ...state }: SignInState): SignInState =>
  decision === 'tokens' ? { ...state, decision } : state

async function complete<Result>(
  context: Context,
  request: SignInRequest,
  { signer, groups, state }: Progress,
  finish: Finish<Result>,
): Promise<Result> {
  const { pool, client, clientMetadata } = request
  const { user } = signer
  // Nobody gives a proof for a name that belongs to nobody.
  if (!user) throw new SignInRefused('unknown-user')
  const closed = state.began === 'custom' ? customRefusal(user) : codeRefusal(user)
  const refusal = closed ?? signInRefusal(pool.settings, user, context.clock.now())
  if (refusal) throw new SignInRefused(refusal, user.sub)
  const subject = { pool, client, user, groups: groups ?? (await groupsOfUser(context.db, pool.id, user.sub)) }
  const device = deviceOfTokens(context, pool, state)
  await callTrigger(context, postAuthentication, occasionOf(request, signer, 'PostAuthentication_Authentication'), {
    ...whoOf(signer),
    newDeviceUsed: device.NewDeviceMetadata !== undefined,
    clientMetadata,
  })
  const result = await finish(context, request, { subject, state, device })
  await recordEnd(context, request, signer, state, 'Pass')
  signedIn(context, { pool: pool.id, client: client.clientId, sub: user.sub })
  noteSignIn(context, request, user)
  return result
}

/** The tokens of the API. */
export const giveTokens: Finish<GivenTokens> = async (context, request, { subject, state, device }) => {
  const { deviceKey, ...given } = device
  const occasion = { source: tokenSource(state), clientMetadata: request.clientMetadata }
  const reached = state.levels && { acr: acrOf(subject.pool.settings, levelOf(state)), amr: amrOf(state) }
  const signIn = newSignIn(context, subject.user, { ...(deviceKey !== undefined && { deviceKey }), ...reached })
  const tokens = await issueSignInTokens(context, subject, signIn, request.source, occasion)
  return { kind: 'tokens', tokens: { ...tokens, ...given } }
}

/** What the PreTokenGeneration trigger is told of the sign-in (docs/reference/user-pools.md 13.2). */
function tokenSource({ proofs }: SignInState): TokenSource {
  if (proofs.includes('device')) return 'TokenGeneration_AuthenticateDevice'
  return proofs.includes('new-password') ? 'TokenGeneration_NewPasswordChallenge' : 'TokenGeneration_Authentication'
}
