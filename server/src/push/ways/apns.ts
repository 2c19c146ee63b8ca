// Apple Push Notification service by tokens ("Establishing a token-based connection to APNs", "Sending notification
// requests to APNs"): a silent push, which wakes the app.
import { createPrivateKey, sign } from 'node:crypto'
import type { ApnsPlace } from '../../config/push-places.ts'
import { jws, jwsContent } from '../../signing/jws.ts'
import { membersOf } from '../../sinks/post.ts'
import { limits } from '../limits.ts'
import { collapseKey, payloadOf } from '../poke.ts'
import { refusalOf } from '../post.ts'
import type { Push, Pushed, WayParts } from '../ways.ts'

const APPLE = 'https://api.push.apple.com'
const SANDBOX = 'https://api.sandbox.push.apple.com'

export async function pushByApns(
  { clock, http2, accessTokens }: WayParts,
  place: ApnsPlace,
  { id, platform, token: device, poke }: Push,
): Promise<Pushed> {
  const token = await accessTokens.get(place, async () => ({
    token: providerToken(place, clock.now()),
    lifeMs: limits.providerToken.max,
  }))
  const { endpoint = platform === 'APNS_SANDBOX' ? SANDBOX : APPLE, topic } = place
  const headers = {
    authorization: `bearer ${token}`,
    'apns-id': id,
    'apns-topic': topic,
    'apns-push-type': 'background',
    // Apple refuses any other for a push that only wakes the app.
    'apns-priority': '5',
    'apns-expiration': String(Math.floor(clock.now() / 1000) + limits.timeToLive.max),
    'apns-collapse-id': collapseKey(poke),
    'content-type': 'application/json',
  }
  // Apple names devices in lower case; old clients register them in upper case.
  const path = `/3/device/${encodeURIComponent(device.toLowerCase())}`
  const body = JSON.stringify({ aps: { 'content-available': 1 }, data: payloadOf(poke) })
  const { status, text } = await http2.post(new URL(endpoint).origin, path, headers, body)
  if (status === 200) return 'sent'
  const { reason } = membersOf(text)
  if (status === 410 || reason === 'BadDeviceToken' || reason === 'Unregistered') return 'gone'
  if (status === 403) accessTokens.drop(place, token)
  throw refusalOf('APNs', status, typeof reason === 'string' ? reason : undefined)
}

/** A token of the developer account's key: ES256 over its team and the time of issue. */
function providerToken({ key, keyId, teamId }: ApnsPlace, now: number): string {
  const content = jwsContent({ alg: 'ES256', kid: keyId }, { iss: teamId, iat: Math.floor(now / 1000) })
  return jws(content, sign('sha256', Buffer.from(content), { key: createPrivateKey(key), dsaEncoding: 'ieee-p1363' }))
}
