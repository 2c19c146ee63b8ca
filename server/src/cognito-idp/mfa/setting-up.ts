// A user who sets up a software token in the middle of a sign-in, by the session of MFA_SETUP: at AssociateSoftwareToken and
// VerifySoftwareToken, which take it in place of an access token, and on the login pages. Each step gives the next session
// (docs/reference/user-pools.md 9.9).
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { noted } from '../sign-in/advance.ts'
import { worded } from '../sign-in/api-answer.ts'
import { requireChangesHere } from '../sign-in/challenges/mfa-setup.ts'
import { maySetUp } from '../sign-in/factor-rules.ts'
import { SignInRefused } from '../sign-in/refused.ts'
import { openSession, placeOfSession, type Session, sealSession, usedOr, userOfSession } from '../sign-in/session.ts'
import type { Place, SignInRequest, SignInState } from '../sign-in/sign-in.ts'
import type { StoredUser } from '../users/user-store.ts'
import { requireSoftwareTokens } from './software-tokens.ts'

export interface SettingUp extends Place {
  readonly session: Session
  readonly user: StoredUser
  /** The session that goes on from this one, with what it needs to know. */
  readonly next: (pending: SignInState['pending'], user?: StoredUser) => string
}

/**
 * Runs `work` for the user of a session who may set up a software token. Throws SignInRefused for a session that does not
 * stand, also because the user has a second factor by now; SoftwareTokenMFANotFoundException; OperationNotEnabledException in a region
 * where the pool is secondary; and what `work` throws.
 */
export const setUpBySession = <T>(
  context: Context,
  place: Place & { readonly session: string } & Partial<Pick<SignInRequest, 'source'>>,
  work: (settingUp: SettingUp) => Promise<T>,
): Promise<T> =>
  noted(context, place, async () => {
    const { pool } = place
    requireChangesHere(pool)
    const session = openSession(context, place, 'MFA_SETUP')
    const user = await userOfSession(context, pool, session)
    if (!user) throw new SignInRefused('invalid-session')
    requireSoftwareTokens(pool)
    if (!maySetUp(pool.settings, user, 'SOFTWARE_TOKEN_MFA'))
      throw await usedOr(context.db, pool.id, session, 'invalid-session')
    const { subject, userId, state } = session
    const next: SettingUp['next'] = (pending, changed = user) =>
      sealSession(context, place, { subject, userId, user: changed }, 'MFA_SETUP', { ...state, pending })
    return work({ pool, client: place.client, session, user, next })
  })

/** The same for a session that names its own pool and client; throws ApiErrors alone. */
export async function whileSettingUp<T>(
  context: Context,
  text: string | undefined,
  work: (settingUp: SettingUp) => Promise<T>,
): Promise<T> {
  if (text === undefined) throw new ApiError('InvalidParameterException', 'AccessToken or Session is required.')
  const place = await placeOfSession(context, text)
  if (!place) throw new ApiError('NotAuthorizedException', 'Invalid session for the user.')
  return worded(place, () => setUpBySession(context, { ...place, session: text }, work))
}

/** Throws when the user has got a second factor since the session was made. */
export function requireSettingUp({ settings }: Place['pool'], user: StoredUser): void {
  if (!maySetUp(settings, user, 'SOFTWARE_TOKEN_MFA')) throw new SignInRefused('invalid-session', user.sub)
}
