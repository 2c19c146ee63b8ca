// Sessions: sealed text that carries a sign-in from one challenge to the next. A session is bound to pool, client, user
// and challenge, and may be used once, within the client's AuthSessionValidity (docs/reference/user-pools.md 4, 8, 9.1;
// docs/reference/threats.md 10). Only the ids of used sessions are stored (spent-id-store.ts).

import type { Context } from '../../context.ts'
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import type { Db } from '../../database/database.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { newUuid } from '../../effects/uuid.ts'
import { ApiError } from '../../errors.ts'
import type { SignInRefusalReason } from '../../events.ts'
import { isUnknown, subjectOfUnknown } from '../attempts/attempts.ts'
import { sessionSeconds } from '../tokens/lifetimes.ts'
import { findUser, findUserBySub, type StoredUser } from '../users/user-store.ts'
import { checkDevice } from './known-device.ts'
import { SignInRefused } from './refused.ts'
import { type Place, requireParameter, type Signer, type SignInRequest, type SignInState } from './sign-in.ts'
import { releaseId, spendId, wasSpent } from './spent-id-store.ts'
import { signInRefusal } from './user-state-rules.ts'

/** What a session is for: the answer to a challenge, or the sign-in after a sign-up (sign-up-session.ts). */
export type SessionUse = ChallengeNameType | 'AFTER_SIGN_UP'

export interface Session extends Pick<Signer, 'subject' | 'userId' | 'simulated'> {
  readonly id: string
  /** The app client, and so the pool, where the session may be answered. */
  readonly clientId: string
  /** The challenge that the session may answer. */
  readonly challenge: SessionUse
  readonly state: SignInState
  /**
   * When the user's password was set (epoch milliseconds), and the token generation: the session ends when the password
   * changes or the user is signed out everywhere. Undefined for a name that belongs to nobody.
   */
  readonly credentialSetAt?: number
  readonly tokenGeneration?: number
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

// Cognito's sessions begin with this prefix, and clients may look for it.
const PREFIX = 'AYABe'
const PURPOSE = 'sign-in-session'
// Sessions have one length, whoever they are about (docs/reference/threats.md 1): a username, or the address that takes its
// place, has at most 512 bytes, all the rest fewer than 900. Clients may keep 2,048 characters.
const STEP = 1440

/** How long a session of this client lives. */
export const sessionMs = ({ client }: Pick<SignInRequest, 'client'>): number => sessionSeconds(client.settings) * 1000

/** The session for the answer to `challenge`. */
export function sealSession(
  context: Context,
  place: Place,
  { subject, userId, user, simulated }: Signer,
  challenge: SessionUse,
  state: SignInState,
): string {
  const session: Session = {
    id: newUuid(context.random),
    clientId: place.client.clientId,
    challenge,
    subject,
    userId,
    simulated,
    state,
    ...(user && { credentialSetAt: user.credentialSetAt, tokenGeneration: user.tokenGeneration }),
    expiresAt: context.clock.now() + sessionMs(place),
  }
  return PREFIX + context.sealer.sealJson(PURPOSE, session, '', STEP)
}

/** The session of a request, whatever it may answer; undefined when there is none of this pool and client. */
export function readSession(
  context: Pick<Context, 'sealer'>,
  request: Place & Pick<SignInRequest, 'session'>,
): Session | undefined {
  const session = request.session === undefined ? undefined : unseal(context, request.session)
  return session?.clientId === request.client.clientId ? session : undefined
}

/**
 * The session of a request that responds to one of `expected`; does not spend it. Throws SignInRefused, or
 * InvalidParameterException when there is none.
 */
export function openSession(
  context: Context,
  request: Place & Pick<SignInRequest, 'session'>,
  ...expected: readonly SessionUse[]
): Session {
  if (request.session === undefined)
    throw new ApiError('InvalidParameterException', 'Missing required parameter Session')
  const session = readSession(context, request)
  if (!session || !expected.includes(session.challenge)) throw new SignInRefused('invalid-session')
  if (!isAlive(session.expiresAt, sessionMs(request), context.clock.now()))
    throw new SignInRefused('expired-session', knownSub(session))
  return session
}

/** Where a session may be answered, for requests that name nothing else; undefined for text that is none. */
export async function placeOfSession(context: Context, text: string): Promise<Place | undefined> {
  const session = unseal(context, text)
  const client = session && (await context.userPools.client(session.clientId))
  const pool = client && (await context.userPools.pool(client.userPoolId))
  return pool && { pool, client }
}

const unseal = (context: Pick<Context, 'sealer'>, text: string): Session | undefined =>
  text.startsWith(PREFIX)
    ? (context.sealer.openJson(PURPOSE, text.slice(PREFIX.length), '') as Session | undefined)
    : undefined

/**
 * Who a session is about. Throws SignInRefused when USERNAME names somebody else, when the user has a new password or was
 * signed out everywhere since the session was made, does not have the device that the request names, or, once the user has
 * given a proof, may not sign in any more. For a name that belongs to nobody the same statements run.
 */
export async function signerOfSession(context: Context, request: SignInRequest, session: Session): Promise<Signer> {
  const name = requireParameter(request, 'USERNAME')
  const { subject, userId, simulated } = session
  const { pool } = request
  await checkDevice(context, request, session)
  const user = await userOfSession(context, pool, session)
  if (name !== userId && name !== subject) {
    const named = await findUser(context.db, pool, name)
    if ((named?.sub ?? subjectOfUnknown(context, pool, name)) !== subject) throw new SignInRefused('invalid-session')
  }
  return { subject, userId, user, simulated }
}

/** The user of a session; undefined for a name that belongs to nobody. Throws SignInRefused as `signerOfSession` does. */
export async function userOfSession(
  context: Context,
  pool: Place['pool'],
  session: Session,
): Promise<StoredUser | undefined> {
  const { subject } = session
  const user = await findUserBySub(context.db, pool.id, subject)
  if (!user && !isUnknown(subject)) throw new SignInRefused('invalid-session')
  const refusal = user && session.state.proofs.length > 0 && signInRefusal(pool.settings, user, context.clock.now())
  if (refusal) throw new SignInRefused(refusal, subject)
  if (user && !isOf(session, user)) throw await usedOr(context.db, pool.id, session, 'invalid-session')
  return user
}

/** Whether the user still is as the session knows: the same password, and not signed out everywhere since. */
export const isOf = (session: Session, user: StoredUser): boolean =>
  user.credentialSetAt === session.credentialSetAt && user.tokenGeneration === session.tokenGeneration

/**
 * Marks a session as used. Of concurrent requests one succeeds, the others throw SignInRefused. Run it in the
 * transaction that writes what the session allows.
 */
export async function spendSession(
  db: Db,
  userPoolId: string,
  session: Pick<Session, 'id' | 'expiresAt'>,
): Promise<void> {
  if (!(await spendId(db, { id: session.id, userPoolId, expiresAt: session.expiresAt })))
    throw new SignInRefused('used-session')
}

/** Takes back that a session was used: what it was spent for has not happened. */
export const releaseSession = (db: Db, userPoolId: string, { id }: Pick<Session, 'id'>): Promise<void> =>
  releaseId(db, id, userPoolId)

/** The refusal when what a session refers to is gone: because the session was used, or for another reason. */
export const usedOr = async (
  db: Db,
  userPoolId: string,
  session: Session,
  reason: SignInRefusalReason,
): Promise<SignInRefused> =>
  new SignInRefused((await wasSpent(db, session.id, userPoolId)) ? 'used-session' : reason, knownSub(session))

const knownSub = ({ subject }: Session): string | undefined => (isUnknown(subject) ? undefined : subject)
