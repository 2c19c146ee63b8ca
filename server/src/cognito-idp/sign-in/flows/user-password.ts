// USER_PASSWORD_AUTH and ADMIN_USER_PASSWORD_AUTH (docs/reference/user-pools.md 9.3).
// Round trips: looking up the name (none for a sub), reading the user, counting the guess beside reading the groups;
// after failures also forgiving the guess (guess.ts). Costly work: one exponentiation, two signatures.
import { identify } from '../identify.ts'
import { provePlainPassword } from '../plain-password.ts'
import { requireParameter, type Step } from '../sign-in.ts'

export const userPassword: Step = async (context, request) => {
  const name = requireParameter(request, 'USERNAME')
  const password = requireParameter(request, 'PASSWORD')
  const candidate = await identify(context, request, name, password)
  return provePlainPassword(context, request, candidate, { began: 'password', proofs: [] }, password)
}
