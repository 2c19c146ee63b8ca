// Verifies ID tokens of this server's own user pools as logins of identity pools and STS, without an HTTP request for
// keys (docs/reference/identity-pools-sts-iam-sync.md 4.2). Access tokens are access-token.ts; what every token of a
// pool must pass is user-pool-token.ts.

import type { Context } from '../../context.ts'
import { wasMade } from '../../effects/time-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { type EndedSignIn, type SignInClaims, userOfSignIn, verifyPoolSignature } from './user-pool-token.ts'

export interface VerifiedUserPoolToken {
  claims: Readonly<Record<string, unknown>> & UserPoolIdClaims
  pool: UserPool
}

export interface UserPoolIdClaims extends SignInClaims {
  iss: string
  /** The app client. */
  aud: string
  /** Epoch seconds. */
  exp: number
  iat: number
}

export interface RefusedUserPoolToken {
  refused:
    | 'not-a-jwt'
    /** Not a user pool of this server. */
    | 'wrong-issuer'
    | 'bad-signature'
    /** Such as an access token: of this pool, but without `aud`. */
    | 'invalid-claims'
    | 'expired'
    /** With `serverSideCheck`: the user is deleted, disabled or must reset the password, or the sign-in has ended. */
    | 'revoked'
  detail: string
  /** Epoch seconds, where `expired`. */
  expiredAt?: number
}

const refuse = (refused: RefusedUserPoolToken['refused'], detail: string): RefusedUserPoolToken => ({ refused, detail })

const signatureRefusals = {
  malformed: refuse('not-a-jwt', 'it is not a JSON Web Token'),
  'wrong-issuer': refuse('wrong-issuer', 'the issuer is not a user pool of this server'),
  'bad-signature': refuse('bad-signature', 'the signature is not that of the user pool'),
}

const endings: Record<EndedSignIn, string> = {
  'user-not-found': 'the user does not exist',
  'user-disabled': 'the user is disabled',
  revoked: 'the token has been revoked',
  'reset-required': 'the password must be reset',
}

/**
 * The verified claims of an ID token of one of this server's pools, or why it is refused. With `serverSideCheck` the
 * sign-in must not have ended, which costs one round trip; without, a token is valid until it expires, as for every
 * other verifier.
 */
export async function verifyUserPoolIdToken(
  context: Pick<Context, 'clock' | 'db' | 'keys' | 'publicUrl' | 'sealer' | 'userPools' | 'signatures'>,
  token: string,
  { serverSideCheck }: { serverSideCheck: boolean },
): Promise<VerifiedUserPoolToken | RefusedUserPoolToken> {
  const signed = await verifyPoolSignature(context, token)
  if ('refused' in signed) return signatureRefusals[signed.refused]
  const { pool, claims, use } = signed
  if (use !== 'id' || !isIdToken(claims)) return refuse('invalid-claims', 'it is not an ID token')
  const now = context.clock.now()
  if (!wasMade(claims.iat * 1000, now)) return refuse('invalid-claims', 'the token was issued in the future')
  if (claims.exp * 1000 <= now) return { ...refuse('expired', 'the token has expired'), expiredAt: claims.exp }
  if (serverSideCheck) {
    const signIn = await userOfSignIn(context, pool.id, claims)
    if ('ended' in signIn) return refuse('revoked', endings[signIn.ended])
  }
  return { claims, pool }
}

// The signature has been verified: this only tells an ID token from other tokens signed by this server.
const isIdToken = (claims: Readonly<Record<string, unknown>>): claims is VerifiedUserPoolToken['claims'] =>
  claims.token_use === 'id' &&
  typeof claims.exp === 'number' &&
  typeof claims.iat === 'number' &&
  typeof claims.sub === 'string' &&
  typeof claims.aud === 'string' &&
  typeof claims.event_id === 'string'
