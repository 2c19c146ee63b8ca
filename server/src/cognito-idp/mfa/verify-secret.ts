// The first code of a new secret makes it the user's software token: for a user who is signed in, and in the middle of a
// sign-in. The code is used up by that: it signs nobody in (docs/reference/user-pools.md 9.9).
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { softwareTokenRefused, softwareTokenSetUp } from '../../events.ts'
import { VERIFIED } from '../sign-in/challenges/mfa-setup.ts'
import { SignInRefused } from '../sign-in/refused.ts'
import { spendSession } from '../sign-in/session.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser } from '../users/change-user.ts'
import { withSoftwareToken } from '../users/mfa-settings.ts'
import { noSuchUserError } from '../users/require-user.ts'
import type { StoredUser } from '../users/user-store.ts'
import { requireSettingUp, type SettingUp } from './setting-up.ts'
import { findSoftwareToken, putVerifiedSecret, verifyPendingSecret } from './software-token-store.ts'
import { openSecret, requireSoftwareTokens, sealSecret, trySecret } from './software-tokens.ts'

/** The first code. */
export interface FirstCode {
  readonly code: string
  /** What the user calls the device with the app. */
  readonly deviceName?: string | undefined
  /** The client's address. */
  readonly address: string | undefined
}

/**
 * The pending secret takes the place of any earlier one. Throws EnableSoftwareTokenMFAException for a wrong code,
 * InvalidParameterException where no secret is pending, SoftwareTokenMFANotFoundException and UserNotFoundException.
 */
export async function verifySecret(
  context: Context,
  pool: UserPool,
  known: StoredUser,
  given: FirstCode,
): Promise<void> {
  requireSoftwareTokens(pool)
  const sealed = (await findSoftwareToken(context.db, known))?.pending_sealed
  if (!sealed) throw notAssociatedError()
  const step = await requireCode(context, known, openSecret(context, known, sealed), given)
  const changed = await changeUser(context, pool, known, (user) => ({
    user: { ...user, mfa: withSoftwareToken(user.mfa, given.deviceName) },
    after: async (db) => {
      if (!(await verifyPendingSecret(db, user, sealed, step))) throw notAssociatedError()
    },
  }))
  if (!changed) throw noSuchUserError()
  softwareTokenSetUp(context, { pool: pool.id, sub: changed.sub, by: 'token' })
}

/**
 * Returns the session that answers MFA_SETUP. A wrong code leaves the session good. Throws as verifySecret does, and
 * SignInRefused.
 */
export async function verifyInSession(
  context: Context,
  { pool, session, user: known, next }: SettingUp,
  given: FirstCode,
): Promise<string> {
  const secret = session.state.pending?.['secret']
  if (secret === undefined) throw notAssociatedError()
  const step = await requireCode(context, known, secret, given)
  const sealed = sealSecret(context, known, secret)
  const changed = await changeUser(context, pool, known, (user) => {
    requireSettingUp(pool, user)
    return {
      user: { ...user, mfa: withSoftwareToken(user.mfa, given.deviceName) },
      before: (db) => spendSession(db, pool.id, session),
      after: (db) => putVerifiedSecret(db, user, sealed, step),
    }
  })
  if (!changed) throw new SignInRefused('invalid-session', known.sub)
  softwareTokenSetUp(context, { pool: pool.id, sub: changed.sub, by: 'sign-in' })
  return next(VERIFIED, changed)
}

/** The time step of a right code. Throws EnableSoftwareTokenMFAException. */
async function requireCode(
  context: Context,
  user: StoredUser,
  secret: string | undefined,
  { code, address }: FirstCode,
): Promise<number> {
  const tried = await trySecret(context, user, secret, code, address)
  if (tried.outcome === 'right') return tried.step
  softwareTokenRefused(context, { pool: user.userPoolId, sub: user.sub })
  throw new ApiError('EnableSoftwareTokenMFAException', 'Code mismatch and fail enable Software Token MFA')
}

/** AssociateSoftwareToken was not called, or its secret is verified or replaced by now. */
const notAssociatedError = (): ApiError =>
  new ApiError('InvalidParameterException', 'User has not set up software token mfa')
