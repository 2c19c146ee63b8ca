// PASSWORD_SRP: the first half of SRP in a choice-based sign-in, where SRP_A did not come with the choice. PASSWORD_VERIFIER
// follows (docs/reference/user-pools.md 9.6).
import { answerWithFactor } from '../first-factor.ts'
import type { Challenge } from '../sign-in.ts'
import { requireSrpA } from '../srp-a.ts'

export const passwordSrp: Challenge = {
  announce: (_context, _request, { signer }) => ({ parameters: { USERNAME: signer.userId } }),
  answer: answerWithFactor('PASSWORD_SRP', (request) => {
    requireSrpA(request)
    return 'PASSWORD_SRP'
  }),
}
