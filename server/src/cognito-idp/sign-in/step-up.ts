// A sign-in that goes on from one that has ended: the user has a session, and is asked for one more proof
// (docs/reference/oauth-and-federation.md 13).
import type { StoredUser } from '../users/user-store.ts'
import type { SignInState, Step } from './sign-in.ts'

/** A step of a user who has given these proofs before. */
export const stepUp =
  (user: StoredUser, { proofs, roaming }: Pick<SignInState, 'proofs' | 'roaming'>): Step =>
  async () => ({
    kind: 'progress',
    signer: { subject: user.sub, userId: user.username, user },
    state: { began: 'password', proofs, ...(roaming && { roaming }) },
  })
