// The password check, plain or by SRP: finds the user of a name, has the guess counted and evaluated (guess.ts), and
// words the error of a failure. When the client hides which users exist (PreventUserExistenceErrors), an unknown user
// is checked against a decoy credential, in the same steps. Reading is candidate-store.ts, limits are lockout-rules.ts.
import type { Context } from '../../context.ts'
import type { PasswordCredential } from '../../crypto/password.ts'
import { sub as newSub } from '../../crypto/random-ids.ts'
import { subjectOfUnknown } from '../attempts/attempts.ts'
import { groupsOfUser } from '../groups/group-store.ts'
import { hasUsernameAttributes, isCaseSensitive } from '../user-pools/pool-settings.ts'
import { decoyCredential, openCredential } from '../users/credentials.ts'
import { contactForm } from '../users/name-form-rules.ts'
import { looksLikeSub, nameKey } from '../users/user-name-rules.ts'
import type { StoredUser } from '../users/user-store.ts'
import { type FoundCandidate, findCandidateByName, findCandidateBySubject } from './candidate-store.ts'
import { type GuessTarget, tryPassword } from './guess.ts'
import type { Proven, SignInRequest } from './sign-in.ts'
import { signInError } from './sign-in-error.ts'
import {
  failedPasswordRefusal,
  lockedRefusal,
  type SignInRefusal,
  signInRefusal,
  unknownUserRefusal,
  untestedRefusal,
} from './user-state-rules.ts'

/** The user, or unknown user, that a password is checked against. */
export interface Candidate extends GuessTarget {
  /** Undefined for an unknown user. */
  readonly user: StoredUser | undefined
  readonly inGroups: boolean
  /** The name that the credential was made for. */
  readonly userId: string
  readonly credential: PasswordCredential
}

/**
 * The candidate of a name: a username or an alias, not a sub that is no username (docs/reference/user-pools.md 3.1).
 * Throws UserNotFoundException for an unknown user unless the client hides who exists.
 */
export async function findCandidate(
  context: Context,
  { pool, client }: SignInRequest,
  name: string,
): Promise<Candidate> {
  const unknown = subjectOfUnknown(context, pool, name)
  // Usernames that are subs have no row among the names (user-name-rules.ts).
  const bySub = looksLikeSub(name) ? await findCandidateBySubject(context.db, pool.id, name) : undefined
  const found =
    bySub?.user?.username === name
      ? bySub
      : await findCandidateByName(context.db, pool.id, nameKey(pool.settings, name), unknown)
  const refusal = found.user ? undefined : unknownUserRefusal(client.settings)
  if (refusal) throw signInError(context, { pool, client }, undefined, refusal)
  return toCandidate(context, pool, found, { subject: unknown, userId: decoyUserId(context, pool, name) })
}

/** The candidate that an earlier step of the sign-in found, read again. */
export async function candidateBySubject(
  context: Context,
  { pool }: SignInRequest,
  earlier: Pick<Candidate, 'subject' | 'userId'>,
): Promise<Candidate> {
  return toCandidate(context, pool, await findCandidateBySubject(context.db, pool.id, earlier.subject), earlier)
}

/** `otherwise`: what an unknown user is called. */
function toCandidate(
  context: Context,
  pool: SignInRequest['pool'],
  { user, guesses, inGroups }: FoundCandidate,
  otherwise: Pick<Candidate, 'subject' | 'userId'>,
): Candidate {
  // A user without password (a federated one, one who must reset) is checked against a decoy as well.
  const credential = user && user.status !== 'RESET_REQUIRED' ? openCredential(context, user) : undefined
  const subject = user?.sub ?? otherwise.subject
  return {
    userPoolId: pool.id,
    subject,
    guesses,
    user,
    inGroups,
    userId: user?.username ?? otherwise.userId,
    credential: credential ?? decoyCredential(context, pool, subject),
  }
}

/**
 * The USER_ID_FOR_SRP of an unknown user, in the form that a user with this name would have: a username is shown as it
 * is; for an address, a number, or any name in a pool whose usernames are subs, it has the form of a sub.
 */
function decoyUserId(context: Context, pool: SignInRequest['pool'], name: string): string {
  if (!hasUsernameAttributes(pool.settings) && contactForm(name) === undefined)
    return isCaseSensitive(pool.settings) ? name : name.toLowerCase()
  const mac = context.sealer.mac('decoy-user-id', JSON.stringify([pool.id, nameKey(pool.settings, name)]))
  return newSub((count) => mac.subarray(0, count))
}

/**
 * The proof of the password when `evaluate` finds it right. The guess is counted before and forgiven after a success.
 * Throws NotAuthorizedException, PasswordResetRequiredException or UserNotConfirmedException.
 */
export async function provePassword(
  context: Context,
  request: SignInRequest,
  candidate: Candidate,
  evaluate: () => Promise<boolean>,
): Promise<Proven> {
  const { pool, client } = request
  const { user, inGroups } = candidate
  const refuse = (refusal: SignInRefusal) => signInError(context, request, user?.sub, refusal)
  const untested = untestedRefusal(user)
  if (untested) throw refuse(untested)
  const [outcome, groups] = await Promise.all([
    tryPassword(context, candidate, async () => (await evaluate()) && user !== undefined),
    // The tokens need the groups: read them at the same time as the guess is counted.
    user && inGroups ? groupsOfUser(context.db, pool.id, user.sub) : [],
  ])
  if (outcome === 'locked') throw refuse(lockedRefusal)
  if (outcome === 'wrong' || !user) throw refuse(failedPasswordRefusal(client.settings, user))
  const refusal = signInRefusal(pool.settings, user, context.clock.now())
  if (refusal) throw refuse(refusal)
  return { kind: 'proven', user, groups, proofs: ['password'] }
}
