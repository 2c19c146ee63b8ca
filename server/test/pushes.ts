// Pushes to one device by a way of push/ways/, for its tests against a stand-in of its service.
import { afterEach, expect } from 'vitest'
import { parseHosts } from '../src/config/allowed-hosts.ts'
import type { PushPlace } from '../src/config/push-places.ts'
import { DeliveryFailed } from '../src/effects/effects.ts'
import { createWebClient } from '../src/effects/web-client.ts'
import { createPusher, type Pushed, type Pusher } from '../src/push/ways.ts'
import { TestClock } from './harness.ts'

export const poke = { identityPoolId: 'us-east-1:11', identityId: 'us-east-1:22', datasetName: 'prefs', syncCount: 7 }
/** The payload of `poke`. */
export const data = {
  source: 'cognito-sync',
  identityPoolId: 'us-east-1:11',
  identityId: 'us-east-1:22',
  datasetName: 'prefs',
  syncCount: '7',
}
export const ID = '4f6b1d5e-35a7-4ad9-9c8d-0c4f8f1f5a0e'
export const arnOf = (platform: string): string => `arn:aws:sns:eu-west-1:000000000000:app/${platform}/one`

export interface TestPusher {
  readonly clock: TestClock
  /** Pushes to a device by its token; several calls use one pusher. */
  sender(place: PushPlace, platform: string): Pick<Pusher, 'accepts'> & ((token: string) => Promise<Pushed>)
}

/** For all tests of a file. */
export function usePusher(): TestPusher {
  const clock = new TestClock()
  const allowed = parseHosts('') ?? { hasName: () => false, hasAddress: () => false }
  const web = createWebClient({ allowed, loopback: true })
  let pusher: Pusher | undefined
  afterEach(() => pusher?.close())
  return {
    clock,
    sender(place, platform) {
      const applicationArn = arnOf(platform)
      const made = createPusher({ places: [[applicationArn, place]], clock, web })
      pusher = made
      const send = (token: string) => made.send({ id: ID, applicationArn, platform, token, poke })
      return Object.assign(send, { accepts: made.accepts })
    },
  }
}

/** Expects that a push fails; `permanent`: for good. */
export async function expectFailure(call: Promise<unknown>, reason: RegExp, permanent: boolean): Promise<void> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(DeliveryFailed)
  expect(error).toMatchObject({ reason: expect.stringMatching(reason), permanent })
}
