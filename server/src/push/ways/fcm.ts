// Firebase Cloud Messaging, HTTP v1 (projects.messages.send): a data message, sent as a service account, whose access token
// is asked for with a signed assertion (RFC 7523).
import { sign } from 'node:crypto'
import type { FcmPlace } from '../../config/push-places.ts'
import { DeliveryFailed } from '../../effects/effects.ts'
import { jws, jwsContent } from '../../signing/jws.ts'
import { isOk, membersOf } from '../../sinks/post.ts'
import type { AccessToken } from '../access-tokens.ts'
import { limits } from '../limits.ts'
import { collapseKey, payloadOf } from '../poke.ts'
import { post, refusalOf } from '../post.ts'
import type { Push, Pushed, WayParts } from '../ways.ts'

export async function pushByFcm(parts: WayParts, place: FcmPlace, { token: device, poke }: Push): Promise<Pushed> {
  const { accessTokens, closed } = parts
  const token = await accessTokens.get(place, () => askForToken(parts, place))
  const url = `${place.endpoint.replace(/\/$/, '')}/v1/projects/${encodeURIComponent(place.projectId)}/messages:send`
  const android = { collapse_key: collapseKey(poke), ttl: `${limits.timeToLive.max}s` }
  const body = JSON.stringify({ message: { token: device, data: payloadOf(poke), android } })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const { status, text } = await post(url, headers, body, closed)
  if (isOk(status)) return 'sent'
  const code = errorCode(text)
  if (code === 'UNREGISTERED' || isAboutToken(text)) return 'gone'
  if (status === 401) accessTokens.drop(place, token)
  throw refusalOf('FCM', status, code)
}

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging'
const HOUR_S = 3600

async function askForToken(
  { clock, closed }: WayParts,
  { clientEmail, key, tokenUri }: FcmPlace,
): Promise<AccessToken> {
  const iat = Math.floor(clock.now() / 1000)
  const claims = { iss: clientEmail, scope: SCOPE, aud: tokenUri, iat, exp: iat + HOUR_S }
  const content = jwsContent({ alg: 'RS256', typ: 'JWT' }, claims)
  const assertion = jws(content, sign('sha256', Buffer.from(content), key))
  const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
  return accessTokenFrom(tokenUri, form, closed)
}

/** Asks a token endpoint (RFC 6749 5.1). Rejects with DeliveryFailed. */
export async function accessTokenFrom(url: string, form: URLSearchParams, closed: AbortSignal): Promise<AccessToken> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }
  const { status, text } = await post(url, headers, form.toString(), closed)
  const { access_token: token, expires_in: seconds } = membersOf(text)
  if (!isOk(status) || typeof token !== 'string') throw new DeliveryFailed(`no access token: HTTP ${status}`)
  return { token, lifeMs: (typeof seconds === 'number' ? seconds : HOUR_S) * 1000 }
}

interface GoogleError {
  readonly details?: readonly {
    readonly errorCode?: unknown
    readonly fieldViolations?: readonly { readonly field?: unknown }[]
  }[]
}

const detailsOf = (text: string): NonNullable<GoogleError['details']> => {
  const { details } = Object(membersOf(text)['error']) as GoogleError
  return Array.isArray(details) ? details : []
}

/** The code of FcmError, such as UNREGISTERED. */
function errorCode(text: string): string | undefined {
  const code = detailsOf(text).find(({ errorCode }) => typeof errorCode === 'string')?.errorCode
  return code as string | undefined
}

/** Whether the token itself is what is invalid in a message. */
const isAboutToken = (text: string): boolean =>
  detailsOf(text).some(
    ({ fieldViolations }) =>
      Array.isArray(fieldViolations) && fieldViolations.some(({ field }) => field === 'message.token'),
  )
