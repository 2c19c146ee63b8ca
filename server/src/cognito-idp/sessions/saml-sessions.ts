// A LogoutRequest of a SAML provider ends every session that came from the one which it names, in whatever browser, and not that
// of the browser alone that brings it (docs/reference/oauth-and-federation.md 23; SAML core 3.7.3).
import type { Context } from '../../context.ts'
import { signedOut } from '../../events.ts'
import { findFederatedUser } from '../identities/identity-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { endBrowserSignIn } from './end-browser-sign-in.ts'
import { deleteSamlSession, samlSessionsOf } from './saml-session-store.ts'

interface SamlEnd {
  readonly provider: string
  /** The NameID: whom the request is about. */
  readonly subject: string
  /** The sessions that end; all of the user's at the provider where there is none. */
  readonly indexes: readonly string[]
}

/** Tokens stay. */
export async function endSamlSessions(
  context: Context,
  pool: UserPool,
  { provider, subject, indexes }: SamlEnd,
): Promise<void> {
  const found = await findFederatedUser(context.db, pool, { provider, subject })
  if (!found) return
  const { sub } = found.user
  const sessions = await samlSessionsOf(context.db, pool.id, sub)
  const isMeant = (index: string | undefined): boolean =>
    indexes.length === 0 || index === undefined || indexes.includes(index)
  for (const session of sessions.filter((one) => one.provider === provider && isMeant(one.index))) {
    const key = { userPoolId: pool.id, sub, originJti: session.sessionId }
    await endBrowserSignIn(context, pool, key, session.expiresAt)
    await deleteSamlSession(context.db, session)
    signedOut(context, { pool: pool.id, sub, from: 'one sign-in', by: 'identity provider' })
  }
}
