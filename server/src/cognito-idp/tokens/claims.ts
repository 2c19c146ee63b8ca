// The claims of ID and access tokens. Pure; signing them is issue.ts. docs/reference/user-pools.md 12.2, 12.3.

import { preferredRole, rolesOf, sortByPrecedence } from '../groups/group-rules.ts'
import type { Group } from '../groups/group-store.ts'
import { identitiesClaim } from '../identities/identity-rules.ts'
import { backchannelLogoutUri } from '../tags/cognomen-tag-rules.ts'
import { readableAttributes } from '../user-pool-clients/attribute-permission-rules.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { StoredUser } from '../users/user-store.ts'
import { isInScopes } from './claim-scopes.ts'
import { accessTokenSeconds, idTokenSeconds } from './lifetimes.ts'

/** The scope of every token that the API issues (docs/reference/user-pools.md 12.3). */
export const SELF_SERVICE_SCOPE = 'aws.cognito.signin.user.admin'

/** One sign-in: what its tokens keep over every refresh. */
export interface SignIn {
  /** Claim event_id; see sign-in-id.ts. */
  readonly eventId: string
  readonly originJti: string
  /** Epoch seconds. */
  readonly authTime: number
  /** Claim device_key: the device of the sign-in, in a pool that tracks devices. */
  readonly deviceKey?: string
  /** What the application may do for the user, where it asked an OAuth endpoint; absent where the API was not asked for a level. */
  readonly scopes?: readonly string[]
  /** The session of the browser that the user signed in with, where a page gave the sign-in. */
  readonly browserSession?: string
  /** When the user allowed the application, which registered itself, what it asked for (epoch milliseconds). */
  readonly consentedAt?: number
  /** Claims acr and amr: the level of assurance, and the methods that reached it; absent for sign-ins by the API. */
  readonly acr?: string
  readonly amr?: readonly string[]
  /** Claim aud of the access token: the API that it is for (RFC 8707). */
  readonly audience?: string
  /** Claim cnf of the access token: the thumbprint of the key that its bearer has to prove (RFC 9449 6). */
  readonly jkt?: string
}

/** The scopes of an access token. */
export const scopesOf = ({ scopes }: SignIn): readonly string[] => scopes ?? [SELF_SERVICE_SCOPE]

export interface TokenSubject {
  readonly issuer: string
  readonly pool: UserPool
  readonly client: UserPoolClient
  readonly user: StoredUser
  readonly groups: readonly Group[]
  readonly signIn: SignIn
}

/** The claims of an access token that the server reads when the token is used. */
export interface AccessTokenClaims {
  sub: string
  iss: string
  client_id: string
  token_use: 'access'
  scope: string
  username: string
  event_id: string
  origin_jti?: string
  jti?: string
  auth_time: number
  /** The methods of a sign-in that was asked for a level of assurance. */
  amr?: readonly string[]
  exp: number
  iat: number
  device_key?: string
  /** The key that its bearer has to prove (RFC 9449 6.1). */
  cnf?: { jkt: string }
  /** The APIs that it is for. */
  aud?: string | string[]
  /** Who acts for the user, by a token that was exchanged (RFC 8693 4.1). */
  act?: { sub?: string }
}

type Claims = Record<string, unknown>

/** Claims of an ID token; `now` in epoch seconds. */
export function idTokenClaims(subject: TokenSubject, now: number, jti: string): Claims {
  const { client, user, groups, signIn } = subject
  const roles = rolesOf(groups)
  const role = preferredRole(groups)
  // Not by a spread of the attributes, which takes twenty times as long: V8 has no fast path for names it does not know.
  return Object.assign(attributeClaims(subject), {
    sub: user.sub,
    ...groupClaims(groups),
    ...(roles.length > 0 && { 'cognito:roles': roles }),
    ...(role !== undefined && { 'cognito:preferred_role': role }),
    ...(user.identities.length > 0 && { identities: identitiesClaim(user.identities) }),
    iss: subject.issuer,
    'cognito:username': user.username,
    ...revocationClaims(subject, jti),
    aud: client.clientId,
    event_id: signIn.eventId,
    token_use: 'id',
    ...sessionClaim(subject),
    ...assuranceClaims(signIn),
    auth_time: signIn.authTime,
    exp: now + idTokenSeconds(client.settings),
    iat: now,
  })
}

/** Claims of an access token; `now` in epoch seconds. */
export function accessTokenClaims(subject: TokenSubject, now: number, jti: string): Claims {
  const { client, user, groups, signIn } = subject
  return {
    sub: user.sub,
    ...groupClaims(groups),
    iss: subject.issuer,
    client_id: client.clientId,
    ...revocationClaims(subject, jti),
    event_id: signIn.eventId,
    token_use: 'access',
    scope: scopesOf(signIn).join(' '),
    ...assuranceClaims(signIn),
    auth_time: signIn.authTime,
    exp: now + accessTokenSeconds(client.settings),
    iat: now,
    username: user.username,
    ...(signIn.deviceKey !== undefined && { device_key: signIn.deviceKey }),
    ...(signIn.scopes && { version: 2 }),
    ...(signIn.audience !== undefined && { aud: signIn.audience }),
    ...keyClaims(signIn),
  }
}

/** RFC 9449 6.1. */
const keyClaims = ({ jkt }: Pick<SignIn, 'jkt'>): Claims => (jkt === undefined ? {} : { cnf: { jkt } })

/** Claims of an access token of an application itself; `now` in epoch seconds. Without username, it calls no operation here. */
export function clientTokenClaims(
  { issuer, client, jkt }: Pick<TokenSubject, 'issuer' | 'client'> & Pick<SignIn, 'jkt'>,
  scope: string,
  now: number,
  jti: string,
): Claims {
  return {
    sub: client.clientId,
    token_use: 'access',
    scope,
    auth_time: now,
    iss: issuer,
    exp: now + accessTokenSeconds(client.settings),
    iat: now,
    version: 2,
    jti,
    client_id: client.clientId,
    ...keyClaims({ jkt }),
  }
}

/** Of applications that are told when the session of the browser ends (Back-Channel Logout 1.0 section 2.1). */
const sessionClaim = ({ pool, client, signIn: { browserSession } }: TokenSubject): Claims =>
  browserSession !== undefined && backchannelLogoutUri(pool.settings, client.settings) !== undefined
    ? { sid: browserSession }
    : {}

const assuranceClaims = ({ acr, amr }: SignIn): Claims => (acr === undefined ? {} : { acr, amr })

const groupClaims = (groups: readonly Group[]): Claims =>
  groups.length === 0 ? {} : { 'cognito:groups': sortByPrecedence(groups).map((group) => group.name) }

// With EnableTokenRevocation false, tokens lack the ids that a revocation refers to
// (docs/reference/user-pools.md 12.6).
const revocationClaims = ({ client, signIn }: TokenSubject, jti: string): Claims =>
  client.settings.EnableTokenRevocation === false ? {} : { origin_jti: signIn.originJti, jti }

function attributeClaims({ pool, client, user, signIn }: TokenSubject): Claims {
  const claims: Claims = {}
  for (const name of readableAttributes(pool.settings, client.settings)) {
    const value = user.attributes[name]
    if (value === undefined || value === '' || name === 'sub' || !isInScopes(name, signIn.scopes)) continue
    claims[name] = claimValue(name, value)
  }
  return claims
}

function claimValue(name: string, value: string): unknown {
  if (name === 'email_verified' || name === 'phone_number_verified') return value === 'true'
  if (name === 'address') return { formatted: value }
  if (name === 'updated_at') return Number(value)
  return value
}
