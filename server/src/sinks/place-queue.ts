// What waits in this process for one place: bounded, in batches of one sink each, one batch under way at a time. A full queue
// loses the newest records of the sink that has most there: what is kept leads up to the fault, and a sink whose records nobody
// takes costs no other sink its own. Records whose delivery fails for now are kept and tried again. A batch that is refused is halved until the record is found that is to
// blame; that one alone is lost.
import { setImmediate } from 'node:timers'
import type { Logger } from 'pino'
import type { SinkPlace } from '../config/sink-places.ts'
import type { Random } from '../effects/effects.ts'
import { newUuid } from '../effects/uuid.ts'
import { pauseAfter } from '../jobs/back-off-rules.ts'
import type { Batch, Leftover, Line, SinkParts, SinkWay } from './batch.ts'
import {
  halve,
  isDue,
  isEmpty,
  isFull,
  type Lane,
  newLane,
  push,
  shareOf,
  take,
  takeNewest,
  type WaitingBounds,
} from './lane.ts'
import { limits } from './limits.ts'
import { createPlaceNotices } from './place-notices.ts'
import { PutFailed } from './put-failed.ts'

/** Of one place. */
export interface SinkCounts {
  /** The pattern in SINKS_FILE. */
  readonly place: string
  readonly way: SinkPlace['way']
  /** Records since the start of the process. */
  readonly delivered: number
  readonly dropped: number
  /** Records now. */
  readonly waiting: number
}

export interface PlaceQueue {
  /** Never throws. */
  add(name: string, line: Line): void
  /** Counts a record that cannot be brought anywhere. */
  lose(reason: string): void
  /** Starts what is due; resolves when nothing is under way. Never rejects. */
  send(): Promise<void>
  /** Tells the log what was lost since it was told. */
  tell(atOnce?: boolean): void
  /** Tries each batch once more, and loses what is refused. */
  close(): Promise<void>
  counts(): SinkCounts
}

export interface QueueParts extends SinkParts {
  readonly random: Random
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Replaced by tests. */
  readonly bounds?: WaitingBounds
}

/** Rejects with PutFailed when `closed` aborts first, which not every way heeds. */
async function unlessClosed<T>(closed: AbortSignal, put: Promise<T>): Promise<T> {
  let abort: () => void = () => undefined
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new PutFailed('the server stopped', 'later'))
    closed.addEventListener('abort', abort)
    if (closed.aborted) abort()
  })
  try {
    return await Promise.race([put, aborted])
  } finally {
    closed.removeEventListener('abort', abort)
  }
}

const TOO_MUCH = 'too much waits'

export function createPlaceQueue<Place extends SinkPlace>(
  parts: QueueParts,
  pattern: string,
  place: Place,
  way: SinkWay<Place>,
): PlaceQueue {
  const { clock, random, log } = parts
  const bounds: WaitingBounds = parts.bounds ?? { records: limits.waitingRecords.max, bytes: limits.waitingBytes.max }
  const notices = createPlaceNotices({ clock, log, place: pattern, way: place.way })
  /** By name; the one that is served next comes first. */
  const lanes = new Map<string, Lane>()
  let [waiting, held, delivered, dropped] = [0, 0, 0, 0]
  let sending: Promise<void> | undefined
  let closing = false

  function lose(count: number, reason: string): void {
    if (count === 0) return
    dropped += count
    notices.lost(count, reason)
  }
  /** Counts lines that wait, or with -1 those that do no more, in one way or another. */
  function count(lane: Lane, lines: readonly Line[], sign: 1 | -1 = 1): void {
    const bytes = sign * lines.reduce((sum, line) => sum + line.bytes, 0)
    waiting += sign * lines.length
    held += bytes
    lane.held += bytes
  }
  /** Whether a line of a sink may wait: others that have more there than it would have lose their newest lines for it. */
  function hasRoomFor(name: string, { bytes }: Line): boolean {
    const own = shareOf(lanes.get(name), bounds, { records: 1, bytes })
    while (waiting >= bounds.records || held + bytes > bounds.bytes) {
      const most = [...lanes.values()].reduce((one, other) =>
        shareOf(other, bounds) > shareOf(one, bounds) ? other : one,
      )
      const line = own < shareOf(most, bounds) ? takeNewest(most, way) : undefined
      if (!line) return false
      count(most, [line], -1)
      if (isEmpty(most)) lanes.delete(most.name)
      lose(1, TOO_MUCH)
    }
    return true
  }
  function laneOf(name: string): Lane {
    const lane = lanes.get(name) ?? newLane(name, way)
    lanes.set(name, lane)
    return lane
  }
  const newBatch = (name: string, lines: readonly Line[]): Batch => ({
    id: newUuid(random),
    name,
    lines,
    madeAt: clock.now(),
  })

  /** One try. A lane that has nothing left is forgotten; any other goes behind those that wait. */
  async function attempt(lane: Lane): Promise<void> {
    const batch = lane.batch ?? newBatch(lane.name, take(lane, way, clock.now()))
    lane.batch = batch
    try {
      const leftover = await unlessClosed(parts.closed, way.put(parts, place, batch))
      settle(lane, batch, leftover)
    } catch (error) {
      refuse(lane, batch, error)
    }
    lanes.delete(lane.name)
    if (!isEmpty(lane)) lanes.set(lane.name, lane)
  }
  function settle(lane: Lane, { lines }: Batch, leftover: Leftover | undefined): void {
    const { again = [], refused = 0, reason = '' } = leftover ?? {}
    count(lane, lines, -1)
    count(lane, again)
    delivered += lines.length - again.length - refused
    lose(refused, reason)
    lane.most = Math.min(lane.most * 2, way.records)
    lane.batch = undefined
    if (again.length === 0) {
      if (lane.failures > 0) notices.recovered(lane.name)
      lane.failures = 0
      return
    }
    lane.batch = newBatch(lane.name, again)
    // What took a part is slow, not away.
    if (again.length < lines.length) lane.failures = 0
    postpone(lane, lane.batch, reason)
  }
  function refuse(lane: Lane, batch: Batch, error: unknown): void {
    const { lines } = batch
    const known = error instanceof PutFailed
    if (!known) log.error({ err: error, place: pattern }, 'a sink failed in a way that is not foreseen')
    const reason = known ? error.reason : 'an error of this server'
    if (!known || error.refuses !== 'record') {
      postpone(lane, batch, reason)
      return
    }
    lane.batch = undefined
    lane.failures = 0
    if (lines.length > 1) halve(lane, lines, way)
    else {
      count(lane, lines, -1)
      lose(1, reason)
    }
  }
  function giveUp(lane: Lane, { lines }: Batch, reason: string): void {
    const gone = [...lines, ...lane.lines]
    count(lane, gone, -1)
    lane.lines = []
    lane.batch = undefined
    lose(gone.length, reason)
  }
  function postpone(lane: Lane, batch: Batch, reason: string): void {
    if (closing) {
      giveUp(lane, batch, reason)
      return
    }
    lane.failures += 1
    const pause = Math.min(pauseAfter(lane.failures, random.bytes(4).readUInt32BE() / 2 ** 32), limits.pause.max)
    lane.notBefore = clock.now() + pause
    notices.postponed(lane.name, reason)
  }

  async function sendDue(): Promise<void> {
    // Whoever calls `send` knows of this run before it ends.
    await undefined
    for (;;) {
      const now = clock.now()
      const lane = [...lanes.values()].find((one) => closing || isDue(one, way, now))
      if (!lane) break
      await attempt(lane)
    }
    sending = undefined
  }
  const send = (): Promise<void> => {
    sending ??= sendDue()
    return sending
  }
  return {
    add(name, line) {
      const size = way.sizeOf(line.bytes)
      if (closing) return lose(1, 'the server stops')
      if (size > way.bytes || line.bytes > limits.record.max) return lose(1, 'a record is too large')
      if (!hasRoomFor(name, line)) return lose(1, TOO_MUCH)
      const lane = laneOf(name)
      push(lane, line, way, clock.now())
      count(lane, [line])
      // Whoever adds does not wait for a batch to be made.
      if (!sending && !lane.batch && isFull(lane, way)) setImmediate(send)
    },
    lose: (reason) => lose(1, reason),
    send,
    tell: notices.tell,
    async close() {
      closing = true
      await send()
    },
    counts: () => ({ place: pattern, way: place.way, delivered, dropped, waiting }),
  }
}
