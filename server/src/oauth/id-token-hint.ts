// id_token_hint: an ID token that this server gave an application, which sends it back to say whom it means (OpenID Connect
// Core 3.1.2.1, RP-Initiated Logout 1.0 section 2). Beyond Cognito: docs/behaviour/oauth.md.
import { verifyPoolSignature } from '../cognito-idp/tokens/user-pool-token.ts'
import type { UserPool } from '../cognito-idp/user-pools/pool-store.ts'
import type { Context } from '../context.ts'

export interface HintedUser {
  readonly sub: string
  /** The application that the token was made for. */
  readonly clientId: string
}

/**
 * Whom a hint is of; undefined for what is no ID token of this pool. One that has expired still says who it is of: an
 * application keeps it for as long as its own session lasts.
 */
export async function readIdTokenHint(context: Context, pool: UserPool, hint: string): Promise<HintedUser | undefined> {
  const signed = await verifyPoolSignature(context, hint)
  if ('refused' in signed || signed.pool.id !== pool.id || signed.use !== 'id') return undefined
  const { sub, aud, token_use } = signed.claims
  return token_use === 'id' && typeof sub === 'string' && typeof aud === 'string' ? { sub, clientId: aud } : undefined
}
