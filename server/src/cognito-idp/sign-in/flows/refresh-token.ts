// REFRESH_TOKEN_AUTH (docs/reference/user-pools.md 9.4): new ID and access tokens for an existing sign-in. A client
// whose refresh tokens rotate must use GetTokensFromRefreshToken instead.
// Round trips: one (the user with the revocation), two for a user in groups. Costly work: two signatures.

import { ApiError } from '../../../errors.ts'
import { tokenRefreshed } from '../../../events.ts'
import { noteSession } from '../../analytics/note-analytics.ts'
import { trackRefresh } from '../../sessions/track-session.ts'
import { issueTokens } from '../../tokens/issue.ts'
import { requireSecretHash } from '../../user-pool-clients/check-secret-hash.ts'
import { nameKey, namesOf } from '../../users/user-name-rules.ts'
import type { StoredUser } from '../../users/user-store.ts'
import { checkRefreshToken } from '../refresh.ts'
import { type Place, requireParameter, type Step } from '../sign-in.ts'

export const refreshToken: Step = async (context, request) => {
  const { pool, client } = request
  if (client.settings.RefreshTokenRotation?.Feature === 'ENABLED') {
    throw new ApiError(
      'UnsupportedOperationException',
      'Refresh token rotation is enabled for this client: use GetTokensFromRefreshToken.',
    )
  }
  const { token, user, groups } = await checkRefreshToken(
    context,
    { pool, client },
    requireParameter(request, 'REFRESH_TOKEN'),
    { deviceKey: request.parameters.DEVICE_KEY },
  )
  requireSecretHash(
    client,
    [user.username, user.sub, ...aliasOf(pool, user, request.parameters.USERNAME)],
    request.parameters.SECRET_HASH,
  )
  const tokens = await issueTokens(context, { pool, client, user, groups }, token.signIn)
  await trackRefresh(context, pool, token, request.source)
  tokenRefreshed(context, { pool: pool.id, client: client.clientId, sub: user.sub })
  noteSession(context, request, user)
  return { kind: 'tokens', tokens }
}

/** The USERNAME of the request, where it is one of the token's user's own names: SECRET_HASH may be over that, too. */
function aliasOf(pool: Place['pool'], user: StoredUser, name: string | undefined): string[] {
  if (name === undefined) return []
  const key = nameKey(pool.settings, name)
  return namesOf(pool.settings, user).some((own) => own.key === key) ? [name] : []
}
