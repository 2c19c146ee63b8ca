// Proves a password, in plain or by SRP: who the name stands for, whether a guess may be evaluated, what a failure says.
// A name that stands for nobody takes the same way with a decoy when the client hides who exists.
import type { Context } from '../../context.ts'
import type { PasswordCredential } from '../../crypto/password.ts'
import type { RunJob } from '../../crypto/work-pool.ts'
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
} from './user-state-rules.ts'

/** Whom a password is checked against. */
export interface Candidate extends GuessTarget {
  /** Undefined: nobody has this name. */
  readonly user: StoredUser | undefined
  readonly inGroups: boolean
  /** The name that the credential was made for. */
  readonly userId: string
  readonly credential: PasswordCredential
}

/** Throws UserNotFoundException when nobody has the name and the client does not hide that. */
export async function findCandidate(
  context: Context,
  { pool, client }: SignInRequest,
  name: string,
): Promise<Candidate> {
  const unknown = subjectOfUnknown(context, pool, name)
  // As findUser does.
  const bySub = looksLikeSub(name) ? await findCandidateBySubject(context.db, pool.id, name) : undefined
  const found = bySub?.user
    ? bySub
    : await findCandidateByName(context.db, pool.id, nameKey(pool.settings, name), unknown)
  const refusal = found.user ? undefined : unknownUserRefusal(client.settings)
  if (refusal) throw signInError(context, { pool, client }, undefined, refusal)
  return candidate(context, pool, name, found, unknown)
}

/** The candidate that an earlier step found, read anew. */
export async function candidateBySub(
  context: Context,
  { pool }: SignInRequest,
  name: string,
  sub: string | undefined,
): Promise<Candidate> {
  const unknown = subjectOfUnknown(context, pool, name)
  const found = await findCandidateBySubject(context.db, pool.id, sub ?? unknown)
  return candidate(context, pool, name, found, unknown)
}

function candidate(
  context: Context,
  pool: SignInRequest['pool'],
  name: string,
  { user, guesses, inGroups }: FoundCandidate,
  unknown: string,
): Candidate {
  // A user without password (a federated one, one who must reset) is checked against a decoy as well.
  const credential = user && user.status !== 'RESET_REQUIRED' ? openCredential(context, user) : undefined
  // Spellings that would be one user are one decoy.
  const key = nameKey(pool.settings, name)
  return {
    userPoolId: pool.id,
    subject: user?.sub ?? unknown,
    guesses,
    user,
    inGroups,
    userId: user?.username ?? decoyUserId(context, pool, name, key),
    credential: credential ?? decoyCredential(context, pool, user?.sub ?? key),
  }
}

/**
 * The USER_ID_FOR_SRP of nobody: what a user of this name would show. A username shows itself; an address or a number
 * shows what it stands for, a sub where usernames are subs.
 */
function decoyUserId(context: Context, pool: SignInRequest['pool'], name: string, key: string): string {
  if (!hasUsernameAttributes(pool.settings) && contactForm(name) === undefined)
    return isCaseSensitive(pool.settings) ? name : name.toLowerCase()
  const hex = context.sealer.mac('decoy-user-id', JSON.stringify([pool.id, key])).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/**
 * The proof of the password, when `evaluate` finds it right. Counts the guess before and forgives it after; throws
 * NotAuthorizedException, PasswordResetRequiredException or UserNotConfirmedException.
 */
export async function provePassword(
  context: Context,
  request: SignInRequest,
  candidate: Candidate,
  evaluate: (run: RunJob) => Promise<boolean>,
): Promise<Proven> {
  const { pool, client } = request
  const { user, inGroups } = candidate
  const [outcome, groups] = await Promise.all([
    tryPassword(context, candidate, async (run) => (await evaluate(run)) && user !== undefined),
    // Beside the guess, as whoever signs in needs them.
    user && inGroups ? groupsOfUser(context.db, pool.id, user.sub) : [],
  ])
  const refuse = (refusal: SignInRefusal) => signInError(context, request, user?.sub, refusal)
  if (outcome === 'locked') throw refuse(lockedRefusal)
  if (outcome === 'wrong' || !user) throw refuse(failedPasswordRefusal(client.settings, user))
  const refusal = signInRefusal(pool.settings, user, context.clock.now())
  if (refusal) throw refuse(refusal)
  return { kind: 'proven', user, groups, proofs: ['password'] }
}
