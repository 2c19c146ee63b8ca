// Every kind of invalid token, with the answer to it (docs/reference/user-pools.md 2.2, 3.3).
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { encode, type Json, mint, mintHmac, readToken } from './token-mint.ts'

export interface Refusal {
  error: string
  message: string
}

export interface WrongToken extends Refusal {
  kind: string
  token: string
}

const notAuthorized = (message: string): Refusal => ({ error: 'NotAuthorizedException', message })

export const INVALID = notAuthorized('Invalid Access Token')
export const UNVERIFIED = notAuthorized('Could not verify signature for Access Token')
export const EXPIRED = notAuthorized('Access Token has expired')
export const REVOKED = notAuthorized('Access Token has been revoked')
export const DISABLED = notAuthorized('User is disabled.')
const NO_SCOPE = notAuthorized('Access Token does not have required scopes')
export const NO_USER = { error: 'UserNotFoundException', message: 'User does not exist.' }
export const RESET = { error: 'PasswordResetRequiredException', message: 'Password reset required for the user' }
export const noClient = (id: string): Refusal => ({
  error: 'ResourceNotFoundException',
  message: `User pool client ${id} does not exist.`,
})
/** Not in the alphabet of tokens. */
const MALFORMED = {
  error: 'InvalidParameterException',
  message:
    "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+",
}

export interface Sources {
  publicUrl: string
  /** Of one sign-in. */
  accessToken: string
  idToken: string
  refreshToken: string
  /** An access token of another pool, and a client there. */
  foreignToken: string
  foreignClientId: string
  keys: ReadonlyMap<string, KeyObject>
  /** Epoch seconds. */
  now: number
}

/** Forged, altered or misused tokens. None is valid, whatever the state of its user. */
export function forgedTokens(sources: Sources): WrongToken[] {
  const { publicUrl, accessToken, idToken, refreshToken, foreignToken, keys, now } = sources
  const { header, claims } = readToken(accessToken)
  const foreign = readToken(foreignToken)
  const own = keys.get(header.kid) as KeyObject
  const idKid = readToken(idToken).header.kid
  const [headerText = '', claimsText = '', signatureText = ''] = accessToken.split('.')
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const strangerJwk = stranger.publicKey.export({ format: 'jwk' })
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' })

  const wrong: WrongToken[] = []
  const add = (refusal: Refusal, kind: string, token: string): void => void wrong.push({ kind, token, ...refusal })
  /** Signed with the pool's own key for access tokens. */
  const genuine = (changed: Json | string, changedHeader: Json = {}): string =>
    mint(own, { ...header, ...changedHeader }, typeof changed === 'string' ? changed : { ...claims, ...changed })
  const resigned = (key: KeyObject, kid: string, changed: Json = {}, extra: Json = {}): string =>
    mint(key, { ...extra, kid, alg: 'RS256' }, { ...claims, ...changed })

  add(INVALID, 'an ID token', idToken)
  add(INVALID, 'a refresh token', refreshToken)
  add(
    UNVERIFIED,
    'an ID token under the header of the access token',
    `${headerText}.${idToken.split('.').slice(1).join('.')}`,
  )
  add(
    INVALID,
    'claims of an access token, signed with the key for ID tokens',
    resigned(keys.get(idKid) as KeyObject, idKid),
  )
  add(INVALID, 'our key, use: id', genuine({ token_use: 'id' }))
  add(INVALID, 'our key, no use', genuine({ token_use: undefined }))
  add(NO_SCOPE, 'our key, other scopes', genuine({ scope: 'openid email profile' }))
  add(NO_SCOPE, 'our key, a scope that begins alike', genuine({ scope: 'aws.cognito.signin.user.admin.x' }))
  add(NO_SCOPE, 'our key, no scope', genuine({ scope: '' }))
  add(INVALID, 'our key, a list of scopes', genuine({ scope: ['aws.cognito.signin.user.admin'] }))
  add(REVOKED, 'our key, another sign-in', genuine({ event_id: '00000000-0000-4000-8000-000000000000' }))
  add(REVOKED, 'our key, no UUID of a sign-in', genuine({ event_id: 'x' }))
  add(NO_USER, 'our key, a user of another pool', genuine({ sub: foreign.claims['sub'] }))
  add(NO_USER, 'our key, nobody', genuine({ sub: '00000000-0000-4000-8000-000000000000' }))
  add(
    noClient(sources.foreignClientId),
    'our key, a client of another pool',
    genuine({ client_id: sources.foreignClientId }),
  )
  add(noClient('nosuchclient'), 'our key, no such client', genuine({ client_id: 'nosuchclient' }))
  for (const name of ['sub', 'client_id', 'username', 'event_id', 'exp'])
    add(INVALID, `our key, no ${name}`, genuine({ [name]: undefined }))
  for (const name of ['sub', 'client_id', 'username', 'event_id'])
    add(INVALID, `our key, ${name} that is no text`, genuine({ [name]: { $ne: '' } }))
  add(INVALID, 'our key, exp as text', genuine({ exp: String(now + 600) }))
  add(EXPIRED, 'our key, expired a second ago', genuine({ exp: now - 1 }))
  add(EXPIRED, 'our key, expired long ago', genuine({ exp: 1 }))
  add(EXPIRED, 'our key, exp negative', genuine({ exp: -1 }))
  add(EXPIRED, 'our key, exp out of range', genuine(JSON.stringify(claims).replace(/"exp":\d+/, '"exp":-1e400')))

  const foreignKey = keys.get(foreign.header.kid) as KeyObject
  add(UNVERIFIED, "another pool's key under its kid", resigned(foreignKey, foreign.header.kid))
  add(UNVERIFIED, "another pool's key under our kid", resigned(foreignKey, header.kid))
  add(UNVERIFIED, "our key for another pool's issuer", genuine({ iss: foreign.claims['iss'] }))
  add(UNVERIFIED, "a stranger's key under our kid", resigned(stranger.privateKey, header.kid))
  add(UNVERIFIED, "a stranger's key under a new kid", resigned(stranger.privateKey, 'new'))
  for (const kid of [
    '',
    '../../dev/null',
    '/dev/null',
    "' or '1'='1",
    '__proto__',
    'constructor',
    '\0',
    'x'.repeat(5000),
  ])
    add(UNVERIFIED, `kid ${JSON.stringify(kid.slice(0, 20))}`, resigned(stranger.privateKey, kid))
  for (const kid of [undefined, null, 1, true, [header.kid], { kid: header.kid }])
    add(INVALID, `kid ${JSON.stringify(kid)}`, mint(own, { alg: 'RS256', kid }, claims))
  const url = 'http://127.0.0.1:1/keys'
  const certificate = Buffer.from('certificate').toString('base64')
  for (const [name, value] of Object.entries({ jwk: strangerJwk, jku: url, x5u: url, x5c: [certificate], x5t: 'x' }))
    add(UNVERIFIED, `a stranger's key in ${name}`, resigned(stranger.privateKey, header.kid, {}, { [name]: value }))

  const pool = String(claims['iss']).slice(publicUrl.length + 1)
  const strangers = [
    `https://idp.example.com/${pool}`,
    `https://cognito-idp.us-east-1.amazonaws.com/${pool}`,
    `${publicUrl}.example.com/${pool}`,
    `${publicUrl}//${pool}`,
    `${publicUrl}/${pool}/`,
    `${publicUrl}/${pool}?`,
    `${publicUrl}/x/../${pool}`,
    `${publicUrl}/${pool.toLowerCase()}`,
    `${publicUrl}/${pool}\0`,
    `${publicUrl}/`,
    `${publicUrl}/us-east-1_NoSuchPoo`,
    `${publicUrl}/__proto__`,
    `${publicUrl}/${'x'.repeat(10_000)}`,
    publicUrl,
    pool,
    '',
  ]
  for (const iss of strangers) add(INVALID, `issuer ${JSON.stringify(iss.slice(0, 70))}`, genuine({ iss }))
  for (const iss of [undefined, null, 1, [claims['iss']], { iss: claims['iss'] }])
    add(INVALID, `issuer ${JSON.stringify(iss)}`, genuine({ iss }))

  for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
    const unsigned = `${encode({ ...header, alg })}.${claimsText}`
    add(INVALID, `algorithm '${alg}', no signature`, `${unsigned}.`)
    add(INVALID, `algorithm '${alg}', a signature`, `${unsigned}.${signatureText}`)
  }
  for (const alg of [undefined, null, ['RS256'], { alg: 'RS256' }, 'rs256', 'RS256 '])
    add(INVALID, `algorithm ${JSON.stringify(alg)}`, mint(own, { ...header, alg }, claims))
  for (const alg of ['RS384', 'RS512', 'PS256', 'PS512']) add(INVALID, `our key by ${alg}`, genuine({}, { alg }))
  add(INVALID, 'ES256', mint(elliptic.privateKey, { ...header, alg: 'ES256' }, claims))
  const ownPublic = createPublicKey(own)
  const secrets: [string, string | Buffer][] = [
    ['PEM', ownPublic.export({ format: 'pem', type: 'spki' })],
    ['PKCS #1 PEM', ownPublic.export({ format: 'pem', type: 'pkcs1' })],
    ['DER', ownPublic.export({ format: 'der', type: 'spki' })],
    ['JWK', JSON.stringify(ownPublic.export({ format: 'jwk' }))],
    ['nothing', ''],
  ]
  for (const [name, secret] of secrets)
    add(
      INVALID,
      `HS256 with the public key as the secret (${name})`,
      mintHmac(secret, { ...header, alg: 'HS256' }, claims),
    )
  add(UNVERIFIED, 'a MAC that calls itself RS256', mintHmac(secrets[0]?.[1] as string, header, claims))
  add(INVALID, 'our key, crit', genuine({}, { crit: ['exp'] }))
  add(INVALID, 'our key, crit and b64', genuine({}, { crit: ['b64'], b64: false }))
  add(INVALID, 'our key, crit: null', genuine({}, { crit: null }))

  const changed = (change: Json): string => `${headerText}.${encode({ ...claims, ...change })}.${signatureText}`
  add(UNVERIFIED, 'another sub', changed({ sub: foreign.claims['sub'] }))
  add(UNVERIFIED, 'a later exp', changed({ exp: now + 10_000_000 }))
  add(UNVERIFIED, 'another username', changed({ username: 'admin' }))
  add(
    UNVERIFIED,
    'claims in another order',
    `${headerText}.${encode(Object.fromEntries(Object.entries(claims).reverse()))}.${signatureText}`,
  )
  add(UNVERIFIED, 'a header with blanks', `${encode(JSON.stringify(header, null, 1))}.${claimsText}.${signatureText}`)
  add(UNVERIFIED, 'the signature of another token', `${headerText}.${claimsText}.${foreignToken.split('.')[2]}`)
  add(UNVERIFIED, 'a signature of zeros', `${headerText}.${claimsText}.${Buffer.alloc(256).toString('base64url')}`)
  add(UNVERIFIED, 'a signature of one byte', `${headerText}.${claimsText}.AA`)
  add(UNVERIFIED, 'half a signature', `${headerText}.${claimsText}.${signatureText.slice(0, 172)}`)
  add(UNVERIFIED, 'two signatures', `${headerText}.${claimsText}.${twice(signatureText)}`)
  add(INVALID, 'the signature padded', `${accessToken}==`)
  add(INVALID, 'the claims padded', `${headerText}.${claimsText}=.${signatureText}`)
  add(
    INVALID,
    'the signature with unused bits set',
    `${accessToken.slice(0, -1)}${otherSpelling(accessToken.slice(-1))}`,
  )
  add(INVALID, 'no signature', `${headerText}.${claimsText}.`)
  add(INVALID, 'two segments', `${headerText}.${claimsText}`)
  add(INVALID, 'four segments', `${accessToken}.`)
  add(INVALID, 'five segments', `${accessToken}.x.y`)
  add(INVALID, 'a segment before', `.${accessToken}`)
  add(INVALID, 'dots', '..')
  add(INVALID, 'one letter', 'x')
  add(INVALID, 'twice', `${accessToken}.${accessToken}`)
  add(INVALID, 'backwards', [...accessToken].reverse().join(''))
  for (const text of [
    '[]',
    'null',
    '1',
    '"x"',
    '',
    '{',
    '{"a":1}x',
    '['.repeat(5000),
    `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`,
  ])
    add(INVALID, `claims ${JSON.stringify(text.slice(0, 20))}`, genuine(text))
  add(INVALID, 'a header that is a list', `${encode([header])}.${claimsText}.${signatureText}`)
  add(
    INVALID,
    'a token of 1,000,000 characters',
    `${headerText}.${'A'.repeat(1_000_000 - accessToken.length)}.${signatureText}`,
  )
  add(INVALID, 'a million letters', 'A'.repeat(1_000_000))
  add(INVALID, 'a million dots', '.'.repeat(1_000_000))
  for (const [name, token] of [
    ['a space before', ` ${accessToken}`],
    ['a space behind', `${accessToken} `],
    ['a line feed behind', `${accessToken}\n`],
    ['a tab', `\t${accessToken}`],
    ['a NUL behind', `${accessToken}\0`],
    ['a byte order mark', `\ufeff${accessToken}`],
    ['a scheme', `Bearer ${accessToken}`],
    ['quotes', `"${accessToken}"`],
    ['the standard alphabet', `${headerText}.${claimsText}.+/${signatureText.slice(2)}`],
    ['nothing', ''],
  ] as const)
    add(MALFORMED, name, token)
  return wrong
}

const twice = (text: string): string =>
  Buffer.concat([Buffer.from(text, 'base64url'), Buffer.from(text, 'base64url')]).toString('base64url')

/** Another base64url spelling of the same bytes: the last character of 256 bytes encodes two bits only. */
function otherSpelling(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(letter) + 1] as string
}
