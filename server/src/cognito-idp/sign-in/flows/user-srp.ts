// USER_SRP_AUTH, the first half of SRP (docs/reference/user-pools.md 9.2). Round trips: looking up the name (none for a
// sub), reading the user. Costly work: one exponentiation, for the challenge PASSWORD_VERIFIER.
import { identify } from '../identify.ts'
import { requireParameter, type Step } from '../sign-in.ts'
import { requireSrpA } from '../srp-a.ts'

export const userSrp: Step = async (context, request) => {
  const name = requireParameter(request, 'USERNAME')
  requireSrpA(request)
  const signer = await identify(context, request, name)
  return { kind: 'progress', signer, state: { began: 'password', proofs: [] } }
}
