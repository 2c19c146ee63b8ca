// Sessions: sealed text that carries a sign-in from one challenge to the next. A session is bound to pool, client, user
// and challenge, and may be used once, within the client's AuthSessionValidity (docs/reference/user-pools.md 4, 8, 9.1;
// docs/reference/threats.md 10). Only the ids of used sessions are stored (spent-id-store.ts).

import type { Context } from '../../context.ts'
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import type { Db } from '../../database/database.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { newUuid } from '../../effects/uuid.ts'
import { ApiError } from '../../errors.ts'
import { sessionSeconds } from '../tokens/lifetimes.ts'
import { findUser, findUserBySub, type StoredUser } from '../users/user-store.ts'
import { type Proof, requireParameter, type SignInRequest } from './sign-in.ts'
import { spendId, wasSpent } from './spent-id-store.ts'

export interface Session {
  readonly id: string
  readonly challenge: ChallengeNameType
  readonly sub: string
  readonly proofs: readonly Proof[]
  /** When the proven password was set (epoch milliseconds): the session ends when the password changes. */
  readonly credentialSetAt: number
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

// Cognito's sessions begin with this prefix, and clients may look for it.
const PREFIX = 'AYABe'
const PURPOSE = 'sign-in-session'
// Sessions have one length, whoever they are about (docs/reference/threats.md 1); clients may keep 2,048 characters.
const STEP = 512

const boundTo = ({ pool, client }: Pick<SignInRequest, 'pool' | 'client'>): string => `${pool.id} ${client.clientId}`

export function sealSession(
  context: Context,
  request: SignInRequest,
  user: StoredUser,
  challenge: ChallengeNameType,
  proofs: readonly Proof[],
): string {
  const expiresAt = context.clock.now() + sessionSeconds(request.client.settings) * 1000
  const session: Session = {
    id: newUuid(context.random),
    challenge,
    sub: user.sub,
    proofs,
    credentialSetAt: user.credentialSetAt,
    expiresAt,
  }
  return PREFIX + context.sealer.sealJson(PURPOSE, session, boundTo(request), STEP)
}

/**
 * The session of a request that responds to `challenge`; does not spend it. Throws NotAuthorizedException, or
 * InvalidParameterException when there is none.
 */
export function openSession(context: Context, request: SignInRequest, challenge: ChallengeNameType): Session {
  const text = request.session
  if (text === undefined) throw new ApiError('InvalidParameterException', 'Missing required parameter Session')
  const session = text.startsWith(PREFIX)
    ? (context.sealer.openJson(PURPOSE, text.slice(PREFIX.length), boundTo(request)) as Session | undefined)
    : undefined
  if (!session || session.challenge !== challenge) throw invalidSessionError()
  if (!isAlive(session.expiresAt, sessionSeconds(request.client.settings) * 1000, context.clock.now()))
    throw new ApiError('NotAuthorizedException', 'Invalid session for the user, session is expired.')
  return session
}

/** The user of a session. Throws NotAuthorizedException when USERNAME names another user or the user is gone. */
export async function userOfSession(context: Context, request: SignInRequest, session: Session): Promise<StoredUser> {
  const name = requireParameter(request, 'USERNAME')
  const user = await findUserBySub(context.db, request.pool.id, session.sub)
  if (!user) throw invalidSessionError()
  if (name === user.username || name === user.sub) return user
  const named = await findUser(context.db, request.pool, name)
  if (named?.sub !== user.sub) throw invalidSessionError()
  return user
}

/**
 * Marks a session as used. Of concurrent requests one succeeds, the others throw NotAuthorizedException. Run it in the
 * transaction that writes what the session allows.
 */
export async function spendSession(
  db: Db,
  userPoolId: string,
  session: Pick<Session, 'id' | 'expiresAt'>,
): Promise<void> {
  if (!(await spendId(db, { id: session.id, userPoolId, expiresAt: session.expiresAt }))) throw usedSessionError()
}

/** The error for a session that could be opened but no longer fits its user: it was used, or the user has changed. */
export const endedSessionError = async (db: Db, userPoolId: string, { id }: Pick<Session, 'id'>): Promise<ApiError> =>
  (await wasSpent(db, id, userPoolId)) ? usedSessionError() : invalidSessionError()

export const invalidSessionError = (): ApiError =>
  new ApiError('NotAuthorizedException', 'Invalid session for the user.')
const usedSessionError = (): ApiError =>
  new ApiError('NotAuthorizedException', 'Invalid session for the user, session can only be used once.')
