// Issues the tokens of a sign-in or refresh: two signatures, and no write unless the pool tracks sessions. Their claims are claims.ts, the form of the
// refresh token is refresh-token.ts; who may have tokens is decided before (sign-in/).

import type { Context } from '../../context.ts'
import { newUuid } from '../../effects/uuid.ts'
import { issuerOf } from '../../signing/issuer-rules.ts'
import { jws, jwsContent } from '../../signing/jws.ts'
import type { SigningKey } from '../../signing/signing-keys.ts'
import { callTrigger } from '../../triggers/call.ts'
import { preTokenGeneration, type TokenChanges, type TokenSource } from '../../triggers/events/pre-token-generation.ts'
import type { Group } from '../groups/group-store.ts'
import type { RequestSource } from '../sessions/request-source.ts'
import { trackSignIn } from '../sessions/track-session.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import { isConfidential } from '../user-pool-clients/confidential.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { triggerAttributes } from '../users/trigger-attributes.ts'
import type { StoredUser } from '../users/user-store.ts'
import { accessTokenHash } from './access-token-hash.ts'
import { accessTokenClaims, clientTokenClaims, idTokenClaims, type SignIn, scopesOf } from './claims.ts'
import { accessTokenSeconds, refreshTokenSeconds } from './lifetimes.ts'
import { changedAccessClaims, changedIdClaims, groupConfiguration } from './override-rules.ts'
import { sealRefreshToken } from './refresh-token.ts'
import { newSignInId } from './sign-in-id.ts'

export interface Subject {
  readonly pool: UserPool
  readonly client: UserPoolClient
  readonly user: StoredUser
  readonly groups: readonly Group[]
}

export interface IssuedTokens {
  AccessToken: string
  /** Absent where the application did not ask for `openid`. */
  IdToken?: string
  ExpiresIn: number
  TokenType: 'Bearer'
}

/** Why tokens are issued, for the PreTokenGeneration trigger. */
export interface TokenOccasion {
  readonly source: TokenSource
  /** ClientMetadata where it goes to the trigger (docs/reference/user-pools.md 13.4). */
  readonly clientMetadata?: Record<string, string> | undefined
  /** Of the authorization request; the claim of the ID token. */
  readonly nonce?: string | undefined
}

/** A sign-in of this moment, as its tokens know it. */
export const newSignIn = (context: Context, user: StoredUser, of: Partial<SignIn> = {}): SignIn => ({
  eventId: newSignInId(context.sealer, context.random, user),
  originJti: newUuid(context.random),
  authTime: Math.floor(context.clock.now() / 1000),
  ...of,
})

/**
 * Tokens of a new sign-in, with a refresh token; recorded in pools that track sessions (sessions/). Throws as callTrigger
 * does.
 */
export async function issueSignInTokens(
  context: Context,
  subject: Subject,
  signIn: SignIn,
  from: RequestSource,
  occasion: TokenOccasion = { source: 'TokenGeneration_Authentication' },
): Promise<IssuedTokens & { RefreshToken: string }> {
  const now = context.clock.now()
  const { pool, user, client } = subject
  const tokens = await issueTokens(context, subject, signIn, occasion)
  const expiresAt = now + refreshTokenSeconds(client.settings) * 1000
  const { sub, tokenGeneration } = user
  const { originJti, eventId, browserSession: parentId } = signIn
  const tracked = { userPoolId: pool.id, sub, originJti, eventId, clientId: client.clientId, parentId }
  // After the signatures: a sign-in whose tokens nobody gets must not end another one.
  await trackSignIn(context, pool, { ...tracked, tokenGeneration, expiresAt }, from)
  const RefreshToken = sealRefreshToken(context.sealer, {
    userPoolId: pool.id,
    clientId: client.clientId,
    sub,
    signIn: isConfidential(subject) ? withoutKey(signIn) : signIn,
    madeAt: now,
    expiresAt,
    generation: 0,
  })
  return { ...tokens, RefreshToken }
}

/** The refresh token of a client that proves itself is bound to the client, and to no key (RFC 9449 5). */
const withoutKey = ({ jkt: _, ...signIn }: SignIn): SignIn => signIn

/** ID and access token of an existing sign-in. Throws as callTrigger does. */
export async function issueTokens(
  context: Context,
  subject: Subject,
  signIn: SignIn,
  occasion: TokenOccasion = { source: 'TokenGeneration_RefreshTokens' },
): Promise<IssuedTokens> {
  const { pool, client, user, groups } = subject
  const full = { pool, client, user, groups, issuer: issuerOf(context.publicUrl, pool), signIn }
  const changes = await askForChanges(context, subject, signIn, occasion)
  const [idKey, accessKey] = await Promise.all([
    context.keys.signingKey(pool.id, 'id'),
    context.keys.signingKey(pool.id, 'access'),
  ])
  const now = Math.floor(context.clock.now() / 1000)
  const accessClaims = accessTokenClaims(full, now, newUuid(context.random))
  const access = signToken(context, accessKey, changes ? changedAccessClaims(accessClaims, changes) : accessClaims)
  const issued = { ExpiresIn: accessTokenSeconds(client.settings), TokenType: 'Bearer' } as const
  if (signIn.scopes && !signIn.scopes.includes('openid')) return { AccessToken: await access, ...issued }
  const idClaims = idTokenClaims(full, now, newUuid(context.random))
  if (signIn.scopes) idClaims['at_hash'] = accessTokenHash(await access)
  if (occasion.nonce !== undefined) idClaims['nonce'] = occasion.nonce
  const id = signToken(context, idKey, changes ? changedIdClaims(idClaims, changes) : idClaims)
  const [AccessToken, IdToken] = await Promise.all([access, id])
  return { AccessToken, IdToken, ...issued }
}

/** What the pool's PreTokenGeneration trigger changes; undefined in a pool without one. */
function askForChanges(
  context: Context,
  { pool, client, user, groups }: Subject,
  signIn: SignIn,
  { source, clientMetadata }: TokenOccasion,
): Promise<TokenChanges | undefined> {
  const version = pool.settings.LambdaConfig?.PreTokenGenerationConfig?.LambdaVersion ?? 'V1_0'
  const occasion = { pool, userName: user.username, clientId: client.clientId, source }
  return callTrigger(context, preTokenGeneration[version], occasion, {
    userAttributes: triggerAttributes(user),
    groups: groupConfiguration(groups),
    scopes: scopesOf(signIn),
    clientMetadata,
  })
}

/** An application that gets a token for itself. */
interface ClientSubject extends Pick<Subject, 'pool' | 'client'>, Pick<TokenOccasion, 'clientMetadata'> {
  readonly scopes: readonly string[]
  /** The key that the token is bound to. */
  readonly jkt?: string | undefined
}

/**
 * An access token of an application itself, without user, ID and refresh token. The pool's trigger may add scopes, and take
 * some away. Throws as callTrigger does.
 */
export async function issueClientToken(
  context: Context,
  subject: ClientSubject,
): Promise<{ AccessToken: string; ExpiresIn: number; TokenType: 'Bearer' }> {
  const { pool, client, scopes, jkt } = subject
  const changes = await askForClientChanges(context, subject)
  const now = Math.floor(context.clock.now() / 1000)
  const issuer = issuerOf(context.publicUrl, pool)
  const key = await context.keys.signingKey(pool.id, 'access')
  const bound = jkt === undefined ? {} : { jkt }
  const claims = clientTokenClaims({ issuer, client, ...bound }, scopes.join(' '), now, newUuid(context.random))
  return {
    AccessToken: await signToken(context, key, changes ? changedAccessClaims(claims, changes) : claims),
    ExpiresIn: accessTokenSeconds(client.settings),
    TokenType: 'Bearer',
  }
}

/**
 * The same for a token of an application, of which the third version alone is told; there are no groups to change
 * (docs/reference/user-pools.md 13.6, docs/reference/oauth-and-federation.md 10.5).
 */
async function askForClientChanges(
  context: Context,
  { pool, client, scopes, clientMetadata }: ClientSubject,
): Promise<TokenChanges | undefined> {
  if (pool.settings.LambdaConfig?.PreTokenGenerationConfig?.LambdaVersion !== 'V3_0') return undefined
  const source = 'TokenGeneration_ClientCredentials'
  const occasion = { pool, userName: 'ClientCredentials', clientId: client.clientId, source } as const
  const asked = { userAttributes: {}, groups: undefined, scopes, clientMetadata }
  const changes = await callTrigger(context, preTokenGeneration.V3_0, occasion, asked)
  return changes && { ...changes, groups: undefined }
}

/** An access token with these claims, which the caller answers for. One signature. */
export const signAccessToken = async (
  context: Context,
  pool: Pick<UserPool, 'id'>,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> => signToken(context, await context.keys.signingKey(pool.id, 'access'), claims)

/** A compact JWS with exactly `kid` and `alg` in its header (docs/reference/user-pools.md 12.1). */
async function signToken(
  context: Context,
  key: SigningKey,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const content = jwsContent({ kid: key.kid, alg: 'RS256' }, claims)
  const signature = await context.work.run('signRs256', { privateKey: key.privateKey, data: content })
  return jws(content, signature)
}
