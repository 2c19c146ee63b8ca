// The first factor of a choice-based sign-in (docs/reference/user-pools.md 9.6): chosen when it begins, or as the answer to
// SELECT_CHALLENGE, PASSWORD or PASSWORD_SRP. A password that comes with the choice is checked at once; next-step.ts asks
// for everything else.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { type FirstFactor, factsOfSigner, firstFactors } from './factor-rules.ts'
import { candidateOf } from './password-check.ts'
import { provePlainPassword } from './plain-password.ts'
import { openSession, type SessionUse, signerOfSession, spendSession } from './session.ts'
import type { Progress, Signer, SignInRequest, SignInState, Step } from './sign-in.ts'
import { requireSrpA } from './srp-a.ts'

/** A factor that a request names; `parameter` is where. Throws InvalidParameterException for what is none. */
export function requireFirstFactor(value: string, parameter: string): FirstFactor {
  if (!Object.hasOwn(firstFactors, value))
    throw new ApiError('InvalidParameterException', `Invalid ${parameter} ${value}`)
  return value as FirstFactor
}

/** The sign-in with the factor that was chosen. Throws SignInRefused for a wrong password. */
export async function choose(
  context: Context,
  request: SignInRequest,
  signer: Signer,
  state: SignInState,
  factor: FirstFactor,
): Promise<Progress> {
  const { PASSWORD: password, SRP_A: srpA } = request.parameters
  if (factor === 'PASSWORD' && password && factsOfSigner(request, signer).firstFactors.includes('PASSWORD')) {
    const candidate = await candidateOf(context, request, signer)
    return provePlainPassword(context, request, candidate, state, password)
  }
  const begins = factor === 'PASSWORD_SRP' && srpA
  if (begins) requireSrpA(request)
  return { kind: 'progress', signer, state: { ...state, chosen: begins ? 'PASSWORD_VERIFIER' : factor } }
}

/**
 * A step that answers `use` with a factor, which `factorOf` reads from the request. What is refused leaves the session good,
 * so that a mistyped password can be typed again.
 */
export const answerWithFactor =
  (use: SessionUse, factorOf: (request: SignInRequest) => FirstFactor): Step =>
  async (context, request) => {
    const factor = factorOf(request)
    const session = openSession(context, request, use)
    const signer = await signerOfSession(context, request, session)
    const { pending: _, ...state } = session.state
    const progress = await choose(context, request, signer, state, factor)
    await spendSession(context.db, request.pool.id, session)
    return progress
  }
