// SELECT_CHALLENGE: the user chooses the first factor (docs/reference/user-pools.md 9.6).
import { answerWithFactor, requireFirstFactor } from '../first-factor.ts'
import { type Challenge, requireParameter } from '../sign-in.ts'

export const selectChallenge: Challenge = {
  announce: (_context, _request, { signer }, among) => ({
    parameters: { USERNAME: signer.userId },
    available: among,
  }),
  answer: answerWithFactor('SELECT_CHALLENGE', (request) =>
    requireFirstFactor(requireParameter(request, 'ANSWER'), 'ANSWER'),
  ),
}
