// The password of a sign-in that comes as it is (docs/reference/user-pools.md 9.3, 9.6): checked, and where the pool's threat
// protection says so, compared with those known from breaches (15), which SRP does not allow.
import type { Context } from '../../context.ts'
import { passwordReset } from '../../events.ts'
import { compromisedAt } from '../threats/compromised.ts'
import { changeUser } from '../users/change-user.ts'
import { newCredential, passwordMatches, withoutCredential } from '../users/credentials.ts'
import type { StoredUser } from '../users/user-store.ts'
import { type Candidate, provePassword } from './password-check.ts'
import { SignInRefused } from './refused.ts'
import type { Progress, SignInRequest, SignInState } from './sign-in.ts'

/** The sign-in with the proof of the password. Throws SignInRefused. */
export async function provePlainPassword(
  context: Context,
  request: SignInRequest,
  candidate: Candidate,
  state: SignInState,
  password: string,
): Promise<Progress> {
  const progress = await provePassword(context, request, candidate, state, () =>
    passwordMatches(context, request.pool, candidate.userId, candidate.importedHash ?? candidate.credential, password),
  )
  const { user } = progress.signer
  // A temporary password is replaced in any case.
  if (user?.status !== 'CONFIRMED') return progress
  const compromised = await compromisedAt(context, request, 'SIGN_IN', password)
  if (compromised === 'refuse') {
    await removePassword(context, request, user)
    throw new SignInRefused('compromised-password', user)
  }
  if (candidate.importedHash) await replaceHash(context, request, user, password)
  return compromised ? { ...progress, compromised: true } : progress
}

/**
 * Puts a verifier of our own in place of an imported hash, unless the password was changed meanwhile: it is the same
 * password, set when it was.
 */
async function replaceHash(context: Context, { pool }: SignInRequest, known: StoredUser, password: string) {
  const { credential } = await newCredential(context, pool, known, password)
  await changeUser(context, pool, known, (user) => ({
    user: user.credential === known.credential ? { ...user, credential } : user,
  }))
}

/** Has the user set a new password by ForgotPassword: unless it was changed meanwhile, the compromised one is good no more. */
async function removePassword(context: Context, { pool }: SignInRequest, known: StoredUser): Promise<void> {
  const changed = await changeUser(context, pool, known, (user) =>
    user.credential === known.credential && user.status === 'CONFIRMED'
      ? { user: { ...user, ...withoutCredential(context, pool, user), status: 'RESET_REQUIRED' } }
      : { user },
  )
  if (changed?.status === 'RESET_REQUIRED') passwordReset(context, { pool: pool.id, sub: known.sub })
}
