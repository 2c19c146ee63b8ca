// Web Push (RFC 8030), encrypted for the browser (RFC 8291) and signed with the application server's key (RFC 8292). The
// token of a device is its PushSubscription as JSON. Its endpoint is a URL that a client chose, so it is asked by the guarded
// web client (docs/decisions/outgoing-requests.md).
import type { WebPushPlace } from '../../config/push-places.ts'
import { DeliveryFailed, type WebFailure } from '../../effects/effects.ts'
import { isOk } from '../../sinks/post.ts'
import { limits } from '../limits.ts'
import { collapseKey, payloadOf } from '../poke.ts'
import { refusalOf } from '../post.ts'
import { type PushSubscription, subscriptionIn } from '../subscription.ts'
import type { Push, Pushed, WayParts } from '../ways.ts'
import { encryptForBrowser, vapidHeader } from '../web-push-crypto.ts'

/** The subscription in a token whose push service is one of the place's; undefined for any other. */
export function acceptedSubscription({ hosts }: WebPushPlace, token: string): PushSubscription | undefined {
  const subscription = subscriptionIn(token)
  const host = subscription && new URL(subscription.endpoint).hostname
  const accepts = (pattern: string): boolean =>
    pattern === '*' || pattern === host || (pattern.startsWith('.') && host?.endsWith(pattern) === true)
  return hosts.some(accepts) ? subscription : undefined
}

/** The subscription is of no use: nothing may be sent to its endpoint. */
const UNUSABLE: ReadonlySet<WebFailure['failed']> = new Set(['bad-url', 'forbidden-address'])

export async function pushByWebPush(
  { clock, web }: WayParts,
  place: WebPushPlace,
  { token, poke }: Push,
): Promise<Pushed> {
  const subscription = acceptedSubscription(place, token)
  if (!subscription) return 'gone'
  const answer = await web.send({
    url: subscription.endpoint,
    method: 'POST',
    headers: {
      authorization: vapidHeader(place, subscription.endpoint, clock.now()),
      'content-type': 'application/octet-stream',
      'content-encoding': 'aes128gcm',
      ttl: String(limits.timeToLive.max),
      topic: collapseKey(poke),
      urgency: 'normal',
    },
    body: encryptForBrowser(subscription, Buffer.from(JSON.stringify(payloadOf(poke)))),
    maxAnswer: limits.answer.max,
  })
  if ('failed' in answer) {
    if (UNUSABLE.has(answer.failed)) return 'gone'
    throw new DeliveryFailed(`Web Push ${answer.failed}`)
  }
  if (isOk(answer.status)) return 'sent'
  // RFC 8030 7.3: the subscription has expired or does not exist.
  if (answer.status === 404 || answer.status === 410) return 'gone'
  throw refusalOf('Web Push', answer.status)
}
