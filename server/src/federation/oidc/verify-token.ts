// Verifies ID tokens of OpenID Connect providers (OpenID Connect Core 3.1.3.7, RFC 8725,
// docs/reference/identity-pools-sts-iam-sync.md 4.2). The audience is not verified: the caller does that,
// as it knows the client ids.

import { createHmac } from 'node:crypto'
import { verifyUserPoolIdToken } from '../../cognito-idp/tokens/id-token.ts'
import type { Context } from '../../context.ts'
import { equalBytes } from '../../crypto/equal-bytes.ts'
import { poolOfIssuer } from '../../signing/issuer-rules.ts'
import { type ParsedJws, parseJws } from '../../signing/jws.ts'
import { limits } from '../limits.ts'
import type { Unreachable } from './provider-keys.ts'

export interface VerifiedOidcToken {
  claims: Readonly<Record<string, unknown>>
  header: Readonly<Record<string, unknown>>
  subject: string
  /** Empty when there is no `aud`, as in access tokens of some providers. */
  audiences: readonly string[]
  /** Claim `azp`: the client that the token was issued to, when that is not the audience. */
  authorizedParty?: string
}

export type OidcRefusal =
  | 'not-a-jwt'
  | 'wrong-issuer'
  /** Also: an algorithm that is not allowed, or a key that the issuer does not publish. */
  | 'bad-signature'
  | 'expired'
  | 'not-yet-valid'
  /** No `sub` or no `exp`, or claims of a wrong type. */
  | 'invalid-claims'
  /** The discovery document or the keys could not be fetched or read. */
  | 'unreachable'

export interface RefusedOidcToken {
  refused: OidcRefusal
  detail: string
  /** Epoch seconds, where `expired`. */
  expiredAt?: number
  /** Where `unreachable`: the provider did not answer in time. */
  timedOut?: true
}

export interface OidcTokenInput {
  token: string
  /** Exactly the `iss` of the token and of the discovery document, scheme included. */
  issuer: string
  /** Other spellings of `iss` that the provider uses. */
  alsoIssuers?: readonly string[]
  /** Epoch milliseconds; the server's clock when left out. */
  now?: number
  skewSeconds?: number
  /** Where the keys are, of an issuer that has no discovery document. */
  jwksUri?: string | undefined
  /**
   * The secret of the client that the token is for, which may sign it (OpenID Connect Core 10.1). Without it no MAC is
   * accepted; a public key never verifies one.
   */
  clientSecret?: string | undefined
}

type Parts = Pick<
  Context,
  'clock' | 'db' | 'keys' | 'providerKeys' | 'publicUrl' | 'sealer' | 'userPools' | 'signatures'
>

// Never `none`; a MAC only under the secret of a client.
const ALGORITHMS = ['RS', 'PS', 'ES'].flatMap((family) => ['256', '384', '512'].map((size) => family + size))
/** Algorithms of signatures by keys that are published. */
export const ALLOWED_ALGORITHMS: readonly string[] = [...ALGORITHMS, 'EdDSA', 'Ed25519']

const MACS: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }

const refuse = (refused: OidcRefusal, detail: string): RefusedOidcToken => ({ refused, detail })

/** The claims of an ID token of `issuer`, or why it is refused. Tokens of this server's user pools cost no request. */
export async function verifyOidcToken(
  context: Parts,
  input: OidcTokenInput,
): Promise<VerifiedOidcToken | RefusedOidcToken> {
  const { token, issuer } = input
  const parsed = parseJws(token, limits.token.max)
  if (!parsed) return refuse('not-a-jwt', 'it is not a JSON Web Token')
  const { header, claims } = parsed
  if (claims.iss !== issuer && !(input.alsoIssuers ?? []).includes(claims.iss as string))
    return refuse('wrong-issuer', 'the token is of another issuer')
  if (poolOfIssuer(context.publicUrl, issuer) !== undefined) {
    const verified = await verifyUserPoolIdToken(context, token, { serverSideCheck: false })
    if ('refused' in verified)
      return verified.refused === 'revoked'
        ? refuse('invalid-claims', verified.detail)
        : { ...verified, refused: verified.refused }
  } else {
    // Explicitly typed tokens (RFC 8725 3.11) are not ID tokens: access tokens, logout tokens, DPoP proofs.
    if (typeof header.typ === 'string' && /\+jwt$/i.test(header.typ))
      return refuse('not-a-jwt', `it is a token of type ${header.typ.slice(0, 40)}, not an ID token`)
    const refusal = await signatureRefusal(context, input, parsed)
    if (refusal) return refusal
  }
  return readClaims(parsed, input.now ?? context.clock.now(), (input.skewSeconds ?? limits.clockSkew.max) * 1000)
}

/** The unverified issuer of a token, to find the provider whose keys verify it. */
export function claimedIssuer(token: string): string | undefined {
  const issuer = parseJws(token, limits.token.max)?.claims.iss
  return typeof issuer === 'string' ? issuer : undefined
}

/** Why the signature of a token is refused; undefined when it is not. */
export async function signatureRefusal(
  { providerKeys }: Pick<Context, 'providerKeys'>,
  { token, issuer, jwksUri, clientSecret }: Pick<OidcTokenInput, 'token' | 'issuer' | 'jwksUri' | 'clientSecret'>,
  { header, content, signature }: ParsedJws,
): Promise<RefusedOidcToken | undefined> {
  const { alg, kid, crit, b64 } = header
  const mac = clientSecret !== undefined && typeof alg === 'string' && Object.hasOwn(MACS, alg) ? MACS[alg] : undefined
  if (typeof alg !== 'string' || !(mac !== undefined || ALLOWED_ALGORITHMS.includes(alg)))
    return refuse('bad-signature', 'the algorithm is not allowed')
  if (crit !== undefined || b64 !== undefined)
    return refuse('bad-signature', 'the header demands what is not supported')
  if (kid !== undefined && typeof kid !== 'string') return refuse('bad-signature', 'the key id is not a text')
  if (mac !== undefined)
    return equalBytes(
      createHmac(mac, clientSecret as string)
        .update(content)
        .digest(),
      signature,
    )
      ? undefined
      : refuse('bad-signature', 'the signature is wrong')
  const keys = await providerKeys.keysOf(issuer, undefined, jwksUri)
  if ('unreachable' in keys) return unreachable(keys)
  let outcome = await keys.verifies(token, { alg, kid })
  if (outcome === 'no-such-key') {
    // The provider may have rotated its keys.
    const newer = await providerKeys.keysOf(issuer, keys, jwksUri)
    if ('unreachable' in newer) return unreachable(newer)
    if (newer !== keys) outcome = await newer.verifies(token, { alg, kid })
  }
  if (outcome === 'yes') return undefined
  return refuse('bad-signature', outcome === 'no' ? 'the signature is wrong' : 'the issuer does not publish such a key')
}

const unreachable = ({ unreachable: detail, timedOut }: Unreachable): RefusedOidcToken => ({
  ...refuse('unreachable', detail),
  ...(timedOut && { timedOut }),
})

function readClaims({ claims, header }: ParsedJws, now: number, skewMs: number): VerifiedOidcToken | RefusedOidcToken {
  const { sub, exp, nbf, aud, azp } = claims
  if (typeof sub !== 'string' || sub === '' || sub.length > 2048) return refuse('invalid-claims', 'there is no sub')
  if (typeof exp !== 'number') return refuse('invalid-claims', 'there is no exp')
  if (nbf !== undefined && typeof nbf !== 'number') return refuse('invalid-claims', 'nbf is not a number')
  const audiences = aud === undefined ? [] : typeof aud === 'string' ? [aud] : aud
  if (!Array.isArray(audiences) || !audiences.every((audience) => typeof audience === 'string'))
    return refuse('invalid-claims', 'aud is neither a text nor a list of texts')
  if (azp !== undefined && typeof azp !== 'string') return refuse('invalid-claims', 'azp is not a text')
  if (exp * 1000 + skewMs <= now) return { ...refuse('expired', 'the token has expired'), expiredAt: exp }
  if (nbf !== undefined && nbf * 1000 - skewMs > now) return refuse('not-yet-valid', 'the token is not valid yet')
  return { claims, header, subject: sub, audiences, ...(azp !== undefined && { authorizedParty: azp }) }
}
