// PASSWORD: the password of a choice-based sign-in, where it did not come with the choice (docs/reference/user-pools.md 9.6).
import { answerWithFactor } from '../first-factor.ts'
import { type Challenge, requireParameter } from '../sign-in.ts'

export const password: Challenge = {
  announce: (_context, _request, { signer }) => ({ parameters: { USERNAME: signer.userId } }),
  answer: answerWithFactor('PASSWORD', (request) => {
    requireParameter(request, 'PASSWORD')
    return 'PASSWORD'
  }),
}
