// DPoP at the endpoints: which key a request proves, once (RFC 9449 5, 7, 8). Beyond Cognito: for clients that a tag of the pool
// names, or all of it (docs/decisions/beyond-cognito.md, docs/behaviour/oauth.md).

import type { Place } from '../../cognito-idp/sign-in/sign-in.ts'
import { spendId } from '../../cognito-idp/sign-in/spent-id-store.ts'
import { dpop } from '../../cognito-idp/tags/cognomen-tag-rules.ts'
import type { Context } from '../../context.ts'
import type { PoolRequest } from '../endpoint.ts'
import { OAuthError } from '../oauth-error.ts'
import { publishedBase } from '../pool-door.ts'
import { isNonce, newNonce } from './nonce.ts'
import { type Proof, readProof } from './read-proof.ts'

type Requested = Pick<PoolRequest, 'pool' | 'base' | 'endpoint' | 'method' | 'header'>

/**
 * The thumbprint of the key that an application proves as it asks for tokens; undefined for a request without a proof, and for
 * clients whose tokens are bound to no key. One statement, which has the proof be good once on every process. Throws OAuthError
 * `invalid_dpop_proof`, and `use_dpop_nonce` with a nonce for a proof that has none of ours.
 */
export async function provenKey(
  context: Context,
  { pool, client }: Place,
  request: Requested,
): Promise<string | undefined> {
  const text = request.header('dpop')
  if (text === undefined || dpop(pool.settings, client.settings) === undefined) return undefined
  const proof = proofOf(context, request, text)
  if (proof.nonce === undefined || !isNonce(context, pool.id, proof.nonce)) throw nonceError(context, pool.id, 400)
  if (!(await spendProof(context, pool.id, proof))) throw badProof('the proof was used before')
  return proof.key
}

/** The same where a client that must bind its tokens has to prove a key: at the token endpoint. */
export async function requiredKey(context: Context, place: Place, request: Requested): Promise<string | undefined> {
  const key = await provenKey(context, place, request)
  if (key === undefined && dpop(place.pool.settings, place.client.settings) === 'required')
    throw badProof('the client has to send a DPoP proof')
  return key
}

/** The proof that comes with an access token; its nonce has to be one of ours where it has one. Not spent yet. */
export function tokenProof(context: Context, request: Requested, accessToken: string): Proof {
  const proof = proofOf(context, request, request.header('dpop') ?? '', accessToken)
  const { nonce } = proof
  if (nonce !== undefined && !isNonce(context, request.pool.id, nonce)) throw nonceError(context, request.pool.id, 401)
  return proof
}

function proofOf(context: Context, request: Requested, text: string, accessToken?: string): Proof {
  const { pool, base, endpoint, method } = request
  const urls = [base, publishedBase(context, pool)].map((one) => one + endpoint)
  const read = readProof(text, { method, urls, ...(accessToken !== undefined && { accessToken }) }, context.clock.now())
  if ('problem' in read) throw badProof(read.problem)
  return read
}

/** Uses a proof; false when it was used before. One statement. */
export const spendProof = (
  { db }: Pick<Context, 'db'>,
  userPoolId: string,
  { id, expiresAt }: Proof,
): Promise<boolean> => spendId(db, { id: `dpop:${id}`, userPoolId, expiresAt })

const badProof = (description: string): OAuthError => new OAuthError('invalid_dpop_proof', description)

const nonceError = (context: Context, poolId: string, status: 400 | 401): OAuthError =>
  new OAuthError('use_dpop_nonce', 'the proof needs a nonce of this server', status, {
    'dpop-nonce': newNonce(context, poolId),
  })
