// VerifySoftwareToken: the first code of a new secret makes it the user's software token (docs/reference/user-pools.md 9.9).
// The code is used up by that: it signs nobody in. By session the user goes on to answer MFA_SETUP; by access token the
// token is a second factor once SetUserMFAPreference turns it on, or where the pool requires one.
import type { Context } from '../../context.ts'
import type { VerifySoftwareTokenRequest } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import { softwareTokenRefused, softwareTokenSetUp } from '../../events.ts'
import { operation } from '../operation.ts'
import { VERIFIED } from '../sign-in/challenges/mfa-setup.ts'
import { SignInRefused } from '../sign-in/refused.ts'
import { spendSession } from '../sign-in/session.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser } from '../users/change-user.ts'
import { withSoftwareToken } from '../users/mfa-settings.ts'
import { noSuchUserError } from '../users/require-user.ts'
import type { StoredUser } from '../users/user-store.ts'
import { requireSettingUp, type SettingUp, whileSettingUp } from './setting-up.ts'
import { findSoftwareToken, putVerifiedSecret, verifyPendingSecret } from './software-token-store.ts'
import { openSecret, requireSoftwareTokens, sealSecret, trySecret } from './software-tokens.ts'

type Input = VerifySoftwareTokenRequest

export const verifySoftwareToken = operation(
  'VerifySoftwareToken',
  async (context, { input, caller, pool, remoteAddress }) => {
    if (caller.kind === 'user') {
      requireSoftwareTokens(pool as UserPool)
      await verifyPending(context, pool as UserPool, caller.user, input, remoteAddress)
      return { Status: 'SUCCESS' }
    }
    return whileSettingUp(context, input.Session, async (settingUp) => ({
      Status: 'SUCCESS',
      Session: await verifyInSession(context, settingUp, input, remoteAddress),
    }))
  },
)

/** By access token: the pending secret takes the place of any earlier one. */
async function verifyPending(
  context: Context,
  pool: UserPool,
  known: StoredUser,
  { UserCode, FriendlyDeviceName }: Input,
  address: string | undefined,
): Promise<void> {
  const sealed = (await findSoftwareToken(context.db, known))?.pending_sealed
  if (!sealed) throw notAssociatedError()
  const step = await requireCode(context, known, openSecret(context, known, sealed), UserCode, address)
  const changed = await changeUser(context, pool, known, (user) => ({
    user: { ...user, mfa: withSoftwareToken(user.mfa, FriendlyDeviceName) },
    after: async (db) => {
      if (!(await verifyPendingSecret(db, user, sealed, step))) throw notAssociatedError()
    },
  }))
  if (!changed) throw noSuchUserError()
  softwareTokenSetUp(context, { pool: pool.id, sub: changed.sub, by: 'token' })
}

/** By session: returns the session that answers MFA_SETUP. A wrong code leaves the session good. */
async function verifyInSession(
  context: Context,
  { pool, session, user: known, next }: SettingUp,
  { UserCode, FriendlyDeviceName }: Input,
  address: string | undefined,
): Promise<string> {
  const secret = session.state.pending?.['secret']
  if (secret === undefined) throw notAssociatedError()
  const step = await requireCode(context, known, secret, UserCode, address)
  const sealed = sealSecret(context, known, secret)
  const changed = await changeUser(context, pool, known, (user) => {
    requireSettingUp(pool, user)
    return {
      user: { ...user, mfa: withSoftwareToken(user.mfa, FriendlyDeviceName) },
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
  code: string,
  address: string | undefined,
): Promise<number> {
  const tried = await trySecret(context, user, secret, code, address)
  if (tried.outcome === 'right') return tried.step
  softwareTokenRefused(context, { pool: user.userPoolId, sub: user.sub })
  throw new ApiError('EnableSoftwareTokenMFAException', 'Code mismatch and fail enable Software Token MFA')
}

/** AssociateSoftwareToken was not called, or its secret is verified or replaced by now. */
const notAssociatedError = (): ApiError =>
  new ApiError('InvalidParameterException', 'User has not set up software token mfa')
