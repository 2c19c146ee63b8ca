// The ways of a push, one file each: from a place to a request for one device.
import { type Places, placeOf } from '../config/places.ts'
import type { PushPlace } from '../config/push-places.ts'
import { type Clock, DeliveryFailed, type WebClient } from '../effects/effects.ts'
import { type AccessTokens, createAccessTokens } from './access-tokens.ts'
import { createHttp2Client, type Http2Client } from './http2-client.ts'
import type { Poke } from './poke.ts'
import { pushByAdm } from './ways/adm.ts'
import { pushByApns } from './ways/apns.ts'
import { pushByFcm } from './ways/fcm.ts'
import { createSnsEndpoints, pushBySns, type SnsEndpoints } from './ways/sns.ts'
import { acceptedSubscription, pushByWebPush } from './ways/web-push.ts'
import { pushByWebhook } from './ways/webhook.ts'

/** A push for one device. */
export interface Push {
  /** The same at every try. */
  readonly id: string
  readonly applicationArn: string
  readonly platform: string
  /** The device's token at its push service; of WEBPUSH the subscription as JSON. */
  readonly token: string
  readonly poke: Poke
}

/** `gone`: the push service does not know the token any more; the device is to be forgotten. */
export type Pushed = 'sent' | 'gone'

export interface PushParts {
  readonly clock: Clock
  readonly web: WebClient
  readonly places: Places<PushPlace>
}

export interface WayParts extends Pick<PushParts, 'clock' | 'web'> {
  readonly http2: Http2Client
  readonly accessTokens: AccessTokens
  readonly snsEndpoints: SnsEndpoints
  /** Aborts what is under way. */
  readonly closed: AbortSignal
}

type Ways = { [Place in PushPlace as Place['way']]: (parts: WayParts, place: Place, push: Push) => Promise<Pushed> }

const ways: Ways = {
  apns: pushByApns,
  fcm: pushByFcm,
  adm: pushByAdm,
  webpush: pushByWebPush,
  sns: pushBySns,
  webhook: pushByWebhook,
}

/** Pushes to devices by the places of PUSH_FILE. */
export interface Pusher {
  /** Whether something pushes to the devices of an application. */
  knows(applicationArn: string): boolean
  /** Whether a token can be one of a device of an application, as far as its place tells. */
  accepts(applicationArn: string, token: string): boolean
  /** Sends a push. Rejects with DeliveryFailed. */
  send(push: Push): Promise<Pushed>
  close(): void
}

/** `close` ends the connections and the requests under way. */
export function createPusher({ places, clock, web }: PushParts): Pusher {
  const closing = new AbortController()
  const http2 = createHttp2Client()
  const parts: WayParts = {
    clock,
    web,
    http2,
    accessTokens: createAccessTokens(clock),
    snsEndpoints: createSnsEndpoints(),
    closed: closing.signal,
  }
  return {
    knows: (applicationArn) => placeOf(places, applicationArn) !== undefined,
    accepts(applicationArn, token) {
      const place = placeOf(places, applicationArn)
      return place?.way !== 'webpush' || acceptedSubscription(place, token) !== undefined
    },
    async send(push) {
      const place = placeOf(places, push.applicationArn)
      if (!place) throw new DeliveryFailed('PUSH_FILE does not name the application')
      const send = ways[place.way] as (parts: WayParts, place: PushPlace, push: Push) => Promise<Pushed>
      return send(parts, place, push)
    },
    close() {
      closing.abort()
      http2.close()
    },
  }
}
