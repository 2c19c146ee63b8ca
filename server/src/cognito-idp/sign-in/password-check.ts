// The password check, plain or by SRP: finds the user of a name, and has the guess counted and evaluated (guess.ts). When the client hides which users exist (PreventUserExistenceErrors), an unknown user
// is checked against a decoy credential, in the same steps. Reading is candidate-store.ts, limits are lockout-rules.ts.
import type { Context } from '../../context.ts'
import type { ImportedHash, SrpCredential } from '../../crypto/password.ts'
import { sub as newSub } from '../../crypto/random-ids.ts'
import type { SignInRefusalReason } from '../../events.ts'
import { subjectOfUnknown } from '../attempts/attempts.ts'
import { groupsOfUser } from '../groups/group-store.ts'
import { hasUsernameAttributes, isCaseSensitive } from '../user-pools/pool-settings.ts'
import { decoyCredential, openCredential } from '../users/credentials.ts'
import { contactForm } from '../users/name-form-rules.ts'
import { looksLikeSub, nameKey } from '../users/user-name-rules.ts'
import { type FoundCandidate, findCandidateByName, findCandidateBySubject } from './candidate-store.ts'
import { type GuessTarget, tryGuess } from './guess.ts'
import { SignInRefused } from './refused.ts'
import { type Progress, type Signer, type SignInRequest, type SignInState, withProof } from './sign-in.ts'
import { failedPasswordRefusal, signInRefusal, untestedRefusal } from './user-state-rules.ts'

/** The user, or unknown user, that a password is checked against. */
export interface Candidate extends GuessTarget, Signer {
  readonly subject: string
  readonly inGroups: boolean
  /** Made for `userId`; a decoy where there is none to check by SRP. */
  readonly credential: SrpCredential
  /** What a plain password is checked against until the first sign-in with one (docs/reference/user-pools.md 16). */
  readonly importedHash: ImportedHash | undefined
}

/**
 * The candidate of a name: a username or an alias, not a sub that is no username (docs/reference/user-pools.md 3.1). Who may
 * sign in by it is identify.ts.
 */
export async function findCandidate(
  context: Context,
  { pool }: Pick<SignInRequest, 'pool'>,
  name: string,
): Promise<Candidate> {
  const unknown = subjectOfUnknown(context, pool, name)
  // Usernames that are subs have no row among the names (user-name-rules.ts).
  const bySub = looksLikeSub(name) ? await findCandidateBySubject(context.db, pool.id, name) : undefined
  const found =
    bySub?.user?.username === name
      ? bySub
      : await findCandidateByName(context.db, pool.id, nameKey(pool.settings, name), unknown)
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

/** The candidate that a signer is, or that an earlier step found. */
export const candidateOf = (
  context: Context,
  request: SignInRequest,
  signer: Signer | Candidate,
): Promise<Candidate> | Candidate => ('credential' in signer ? signer : candidateBySubject(context, request, signer))

/** `otherwise`: what an unknown user is called. */
function toCandidate(
  context: Context,
  pool: SignInRequest['pool'],
  { user, guesses, inGroups }: FoundCandidate,
  otherwise: Pick<Candidate, 'subject' | 'userId'>,
): Candidate {
  // A user without password (a federated one, one who must reset) is checked against a decoy as well.
  const stored = user && user.status !== 'RESET_REQUIRED' ? openCredential(context, user) : undefined
  const subject = user?.sub ?? otherwise.subject
  return {
    userPoolId: pool.id,
    subject,
    guesses,
    user,
    inGroups,
    userId: user?.username ?? otherwise.userId,
    credential: stored?.kind === 'srp' ? stored : decoyCredential(context, pool, subject),
    importedHash: stored?.kind === 'imported-hash' ? stored : undefined,
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
 * The sign-in with the proof of the password, when `evaluate` finds it right. The guess is counted before and forgiven
 * after a success. Throws SignInRefused.
 */
export async function provePassword(
  context: Context,
  request: SignInRequest,
  candidate: Candidate,
  state: SignInState,
  evaluate: () => Promise<boolean>,
): Promise<Progress> {
  const { pool } = request
  const { user, inGroups } = candidate
  const refuse = (reason: SignInRefusalReason) => new SignInRefused(reason, user)
  const untested = untestedRefusal(user)
  if (untested) throw refuse(untested)
  const [outcome, groups] = await Promise.all([
    tryGuess(context, candidate, async () => (await evaluate()) && user !== undefined),
    // The tokens need the groups: read them at the same time as the guess is counted.
    user && inGroups ? groupsOfUser(context.db, pool.id, user.sub) : [],
  ])
  if (outcome === 'locked') throw refuse('locked')
  if (outcome === 'wrong' || !user) throw refuse(failedPasswordRefusal(user))
  const refusal = signInRefusal(pool.settings, user, context.clock.now())
  if (refusal) throw refuse(refusal)
  return { kind: 'progress', signer: candidate, groups, state: withProof(state, 'password') }
}
