// Where log records and analytics events go: the places of SINKS_FILE, reached by the ways in ways/. What waits is in the memory of
// this process, and is delivered by it; nobody waits for that (docs/log-delivery.md).
import { setMaxListeners } from 'node:events'
import { placeOf } from '../config/places.ts'
import type { SinkPlace, SinkPlaces } from '../config/sink-places.ts'
import type { SinkRecord, SinkWay } from './batch.ts'
import { type HeldRecords, holdNothing, holdRecords } from './held-records.ts'
import { limits } from './limits.ts'
import { createPlaceQueue, type PlaceQueue, type QueueParts, type SinkCounts } from './place-queue.ts'
import { cloudwatch } from './ways/cloudwatch.ts'
import { file } from './ways/file.ts'
import { firehose } from './ways/firehose.ts'
import { otlp } from './ways/otlp.ts'
import { posthog } from './ways/posthog.ts'
import { s3 } from './ways/s3.ts'
import { segment } from './ways/segment.ts'
import { stdout } from './ways/stdout.ts'
import { webhook } from './ways/webhook.ts'

type Ways = { [Place in SinkPlace as Place['way']]: SinkWay<Place> }

const ways: Ways = { file, stdout, otlp, cloudwatch, s3, firehose, webhook, posthog, segment }

export interface Sinks {
  /** Whether there is a place for the records of a sink. */
  knows(name: string): boolean
  /** Keeps a record for its place; one of a sink that is not known is left out. Never waits, never throws. */
  add(name: string, record: SinkRecord): void
  /** Of one request: takes records as this does, and adds them when it is told to. */
  hold(): HeldRecords
  /** Of each place in the order of SINKS_FILE, since the start of this process. */
  counts(): readonly SinkCounts[]
  /** Brings what is due; resolves when nothing is under way. Never rejects. */
  send(): Promise<void>
  /** Delivers what waits, within limits.stopTime. What is left after that, or is refused now, is lost and told of. */
  close(): Promise<void>
}

type Parts = Omit<QueueParts, 'closed' | 'writeOut'> & {
  readonly places: SinkPlaces
  /** Replaced by tests. */
  readonly writeOut?: QueueParts['writeOut']
  readonly stopTimeMs?: number
}

/** Records are brought by `send`, which the caller calls often, and as soon as a batch is full. */
export function createSinks({ places, stopTimeMs = limits.stopTime.max, ...given }: Parts): Sinks {
  const closing = new AbortController()
  // One listener for each request under way; beyond ten Node.js would warn of a leak.
  setMaxListeners(0, closing.signal)
  const parts: QueueParts = { writeOut: toStdout, ...given, closed: closing.signal }
  const queues = new Map(
    places.map(([pattern, place]) => [
      place,
      createPlaceQueue(parts, pattern, place, ways[place.way] as SinkWay<SinkPlace>),
    ]),
  )
  /** A memo of `placeOf`. */
  const byName = new Map<string, PlaceQueue | undefined>()
  function queueOf(name: string): PlaceQueue | undefined {
    if (byName.has(name)) return byName.get(name)
    const place = placeOf(places, name)
    const queue = place && queues.get(place)
    if (byName.size >= limits.namesKept.max) byName.clear()
    byName.set(name, queue)
    return queue
  }
  const all = [...queues.values()]
  const knows = (name: string): boolean => queueOf(name) !== undefined
  function add(name: string, { at, body }: SinkRecord): void {
    const queue = queueOf(name)
    if (!queue) return
    const text = jsonOf(body)
    if (text === undefined) queue.lose('a record is no JSON')
    else queue.add(name, { at, text, bytes: Buffer.byteLength(text) })
  }
  const sinks: Sinks = {
    knows,
    add,
    hold: () => (all.length === 0 ? nothingHeld : holdRecords(sinks)),
    counts: () => all.map((queue) => queue.counts()),
    async send() {
      for (const queue of all) queue.tell()
      await Promise.all(all.map((queue) => queue.send()))
    },
    async close() {
      const limit = setTimeout(() => closing.abort(), stopTimeMs)
      await Promise.all(all.map((queue) => queue.close()))
      clearTimeout(limit)
      closing.abort()
      for (const queue of all) queue.tell(true)
    },
  }
  const nothingHeld = holdNothing(sinks)
  return sinks
}

/** Undefined for what JSON cannot say, such as a cycle. */
function jsonOf(body: object): string | undefined {
  try {
    return JSON.stringify(body)
  } catch {
    return undefined
  }
}

const toStdout = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
