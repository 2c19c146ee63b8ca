// The logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4): signed as ID tokens are, and of another type, so that
// neither is taken for the other. It has no nonce.
import type { LogoutNotice } from '../../cognito-idp/sessions/logout-notices.ts'
import type { UserPool } from '../../cognito-idp/user-pools/pool-store.ts'
import type { Context } from '../../context.ts'
import { newUuid } from '../../effects/uuid.ts'
import { issuerOf } from '../../signing/issuer-rules.ts'
import { jws, jwsContent } from '../../signing/jws.ts'
import { limits } from '../limits.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

export async function logoutToken(
  context: Pick<Context, 'clock' | 'keys' | 'publicUrl' | 'random' | 'work'>,
  pool: UserPool,
  { clientId, sub, sid }: LogoutNotice,
): Promise<string> {
  const key = await context.keys.signingKey(pool.id, 'id')
  const iat = Math.floor(context.clock.now() / 1000)
  const content = jwsContent(
    { kid: key.kid, alg: 'RS256', typ: 'logout+jwt' },
    {
      iss: issuerOf(context.publicUrl, pool),
      aud: clientId,
      iat,
      exp: iat + limits.logoutTokenSeconds.max,
      jti: newUuid(context.random),
      sub,
      sid,
      events: { [EVENT]: {} },
    },
  )
  return jws(content, await context.work.run('signRs256', { privateKey: key.privateKey, data: content }))
}
