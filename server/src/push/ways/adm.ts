// Amazon Device Messaging ("Send a message via Amazon Device Messaging"): a data message, with an access token of the app's
// client credentials.
import type { AdmPlace } from '../../config/push-places.ts'
import { isOk, membersOf } from '../../sinks/post.ts'
import { limits } from '../limits.ts'
import { collapseKey, payloadOf } from '../poke.ts'
import { post, refusalOf } from '../post.ts'
import type { Push, Pushed, WayParts } from '../ways.ts'
import { accessTokenFrom } from './fcm.ts'

/** Reasons by which a registration id is of no use any more. */
const GONE: ReadonlySet<unknown> = new Set(['Unregistered', 'InvalidRegistrationId'])

export async function pushByAdm(
  { accessTokens, closed }: WayParts,
  place: AdmPlace,
  { token: device, poke }: Push,
): Promise<Pushed> {
  const token = await accessTokens.get(place, () =>
    accessTokenFrom(
      place.tokenUri,
      new URLSearchParams({
        grant_type: 'client_credentials',
        scope: 'messaging:push',
        client_id: place.clientId,
        client_secret: place.clientSecret,
      }),
      closed,
    ),
  )
  const url = `${place.endpoint.replace(/\/$/, '')}/messaging/registrations/${encodeURIComponent(device)}/messages`
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: `Bearer ${token}`,
    'x-amzn-type-version': 'com.amazon.device.messaging.ADMMessage@1.0',
    'x-amzn-accept-type': 'com.amazon.device.messaging.ADMSendResult@1.0',
  }
  const body = JSON.stringify({
    data: payloadOf(poke),
    consolidationKey: collapseKey(poke),
    expiresAfter: limits.timeToLive.max,
  })
  const { status, text } = await post(url, headers, body, closed)
  if (isOk(status)) return 'sent'
  const { reason } = membersOf(text)
  if (GONE.has(reason)) return 'gone'
  if (status === 401) accessTokens.drop(place, token)
  throw refusalOf('ADM', status, typeof reason === 'string' ? reason : undefined)
}
