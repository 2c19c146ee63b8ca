// The ways that take analytics alone, against a stand-in: the forms of PostHog and Segment, refusals, retries and bounds. By the front
// door: cognito-idp/analytics/analytics.test.ts.
import { afterEach, describe, expect, it } from 'vitest'
import { TestClock } from '../../test/harness.ts'
import { useStandIn } from '../../test/push-services.ts'
import type { SinkPlace } from '../config/sink-places.ts'
import { systemRandom } from '../effects/random.ts'
import { newUuid } from '../effects/uuid.ts'
import { createSinks, type Sinks } from './sinks.ts'

const clock = new TestClock()
const PROJECT = 'a'.repeat(32)
const service = useStandIn()
const ways: readonly [string, () => SinkPlace][] = [
  ['PostHog', () => ({ way: 'posthog', url: `${service.url}/batch/`, apiKey: 'phc' })],
  ['Segment', () => ({ way: 'segment', url: `${service.url}/v1/batch`, writeKey: 'key' })],
]

let sinks: Sinks
afterEach(() => sinks.close())
const open = (place: SinkPlace): void => {
  sinks = createSinks({
    places: [[PROJECT, place]],
    clock,
    random: systemRandom(),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined } as never,
    stopTimeMs: 100,
  })
}
const record = (UserId: string, { type = '_userauth.sign_in', attributes = {} as Record<string, string[]> } = {}) => ({
  ApplicationId: PROJECT,
  BatchItem: {
    [UserId]: {
      Endpoint: { User: { UserId, UserAttributes: attributes } },
      Events:
        type === ''
          ? {}
          : { [newUuid(systemRandom())]: { EventType: type, Timestamp: '2026-01-01T00:00:00.000Z', Attributes: {} } },
    },
    [`${UserId}-email`]: { Endpoint: { ChannelType: 'EMAIL', Address: 'a@example.com' }, Events: {} },
  },
})
const add = (...bodies: object[]) => {
  for (const body of bodies) sinks.add(PROJECT, { at: clock.now(), body })
}
const sent = () => service.received.map(({ body }) => JSON.parse(String(body)).batch as Record<string, unknown>[])
const users = (batch: Record<string, unknown>[]) =>
  batch.filter(({ type }) => type !== 'identify').map((one) => one['distinct_id'] ?? one['userId'])

describe.each(ways)('%s', (_, place) => {
  it('gets what is known of a user who did nothing', async () => {
    open(place())
    add(record('ann', { type: '', attributes: { name: ['Ann'] } }))
    await sinks.send()
    const [[only, ...others] = []] = sent()
    expect(others).toEqual([])
    if (only?.['type']) expect(only).toMatchObject({ type: 'identify', userId: 'ann', traits: { name: 'Ann' } })
    else expect(only).toMatchObject({ event: '$set', distinct_id: 'ann', properties: { $set: { name: 'Ann' } } })
  })

  it('gets at every try what it got before, so that it knows what came twice', async () => {
    service.answer = () => ({ status: 503 })
    open(place())
    add(record('ann'))
    await sinks.send()
    service.answer = () => ({ status: 200 })
    clock.advance(60_000)
    await sinks.send()
    const [first, second] = service.received
    expect(String(second?.body)).toBe(String(first?.body))
    expect(sinks.counts()[0]).toMatchObject({ delivered: 1, waiting: 0, dropped: 0 })
  })

  it('loses the one record that it refuses, and no other', async () => {
    const taken: unknown[] = []
    service.answer = ({ body }) => {
      const batch = JSON.parse(String(body)).batch
      if (users(batch).includes('bad')) return { status: 400 }
      taken.push(...users(batch))
      return { status: 200 }
    }
    open(place())
    const names = Array.from({ length: 20 }, (__, i) => (i === 13 ? 'bad' : `user-${i}`))
    add(...names.map((name) => record(name)))
    await sinks.send()
    expect(taken).toEqual(names.filter((name) => name !== 'bad'))
    expect(sinks.counts()[0]).toMatchObject({ delivered: 19, dropped: 1 })
  })

  it('gets nothing of records that are no analytics', async () => {
    open(place())
    add({ eventSource: 'USER_ACTIVITY' }, record('ann'))
    await sinks.send()
    expect(sent().map(users)).toEqual([['ann']])
    expect(sinks.counts()[0]).toMatchObject({ delivered: 1, dropped: 1 })
  })

  it('gets requests of less than 500 KB', async () => {
    open(place())
    const attributes = Object.fromEntries(Array.from({ length: 40 }, (__, i) => [`custom:${i}`, ['ü'.repeat(100)]]))
    const names = Array.from({ length: 300 }, (__, i) => `user-${i}`)
    add(...names.map((name) => record(name, { attributes })))
    await sinks.send()
    expect(sent().flatMap(users)).toEqual(names)
    expect(service.received.length).toBeGreaterThan(5)
    for (const { body } of service.received) expect(body.byteLength).toBeLessThan(500_000)
  })
})
