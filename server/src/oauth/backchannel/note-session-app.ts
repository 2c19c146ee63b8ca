// An application that wants to be told when the session of a browser ends is noted with it, as it is answered.
import { putSessionApp } from '../../cognito-idp/sessions/session-app-store.ts'
import type { Place } from '../../cognito-idp/sign-in/sign-in.ts'
import { backchannelLogoutUri } from '../../cognito-idp/tags/cognomen-tag-rules.ts'
import { refreshTokenSeconds } from '../../cognito-idp/tokens/lifetimes.ts'
import { refreshTokenExpiry } from '../../cognito-idp/tokens/revocation-store.ts'
import type { StoredUser } from '../../cognito-idp/users/user-store.ts'
import type { Context } from '../../context.ts'

/** One statement for such an application, none for others. */
export async function noteSessionApp(
  context: Pick<Context, 'db' | 'clock'>,
  { pool, client }: Place,
  { sub }: StoredUser,
  sessionId: string,
): Promise<void> {
  if (backchannelLogoutUri(pool.settings, client.settings) === undefined) return
  const expiresAt = refreshTokenExpiry(context.clock.now() + refreshTokenSeconds(client.settings) * 1000)
  await putSessionApp(context.db, { sub, userPoolId: pool.id, sessionId, clientId: client.clientId, expiresAt })
}
