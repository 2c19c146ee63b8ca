// The open event streams of this process: how many there may be, until when they live, what keeps their connections alive.
// What they tell is pokes.ts; their requests and responses are api/event-stream.ts.
import type { Clock } from '../../effects/effects.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { limits } from '../limits.ts'
import { HEARTBEAT } from './event-rules.ts'
import type { Pokes } from './pokes.ts'
import type { StreamedIdentity } from './ticket.ts'

/** A connection that a stream goes over. */
export interface StreamSink {
  /** Called once, with what its reader has missed. */
  begin(events: string): void
  send(events: string): void
  end(): void
}

export interface StreamRequest {
  readonly identity: StreamedIdentity
  /** When the stream ends; epoch milliseconds. */
  readonly until: number
  /** What the reader knows: the id of the last event that it got, or nothing. */
  readonly eventId: string
  /** The client's network (http/client-address.ts). */
  readonly network: string
}

export interface EventStreams {
  /**
   * Opens a stream; resolves with what to call when its connection is closed. Undefined when there are too many; rejects
   * when the database is away.
   */
  open(request: StreamRequest, sink: StreamSink): Promise<(() => void) | undefined>
  /** Sends what keeps connections alive, and ends streams whose time is over. To be called each second. */
  beat(): void
  /** Ends all streams and opens no more. */
  close(): void
}

interface Stream {
  readonly until: number
  readonly sink: StreamSink
  readonly leave: () => void
  /** When something was sent last. */
  sentAt: number
}

/** Proxies close connections that were silent for a minute, some for half of it. */
const SILENT_MS = 15_000
/** Streams that are silent at once, as after a restart, get their heartbeats over so many seconds. */
const SPREAD = 10

interface Bounds {
  readonly maxStreams: number
  /** Of one network. */
  readonly maxPerAddress: number
}

export function createEventStreams(pokes: Pokes, clock: Clock, { maxStreams, maxPerAddress }: Bounds): EventStreams {
  /** The one that was silent the longest first. */
  const streams = new Set<Stream>()
  const ofIdentity = createTally(limits.streamsOfIdentity.max)
  const ofNetwork = createTally(maxPerAddress)
  const all = createTally(maxStreams)
  let closed = false

  /** Counts a stream; undefined when there are too many, or a function that counts it no more. */
  function count({ identity, network }: StreamRequest): (() => void) | undefined {
    const counted: (() => void)[] = []
    const release = (): void => {
      for (const one of counted.splice(0)) one()
    }
    for (const [tally, key] of [
      [all, ''] as const,
      [ofNetwork, network] as const,
      [ofIdentity, identity.id] as const,
    ]) {
      const one = tally.add(key)
      if (!one) return void release()
      counted.push(one)
    }
    return release
  }

  const sent = (stream: Stream): void => {
    stream.sentAt = clock.now()
    streams.delete(stream)
    streams.add(stream)
  }

  const end = (stream: Stream): void => {
    stream.leave()
    stream.sink.end()
  }

  return {
    async open(request, sink) {
      const uncount = closed ? undefined : count(request)
      if (!uncount) return undefined
      let stream: Stream | undefined
      const listener = (events: string): void => {
        if (!stream) return
        sink.send(events)
        sent(stream)
      }
      try {
        const unlisten = await pokes.listen(request.identity, request.eventId, (events) => sink.begin(events), listener)
        const leave = (): void => {
          if (!stream || !streams.delete(stream)) return
          unlisten()
          uncount()
        }
        stream = { until: request.until, sink, leave, sentAt: clock.now() }
        streams.add(stream)
        // The server stops.
        if (closed) end(stream)
        return leave
      } catch (error) {
        uncount()
        throw error
      }
    },

    beat() {
      const now = clock.now()
      for (const stream of streams) if (!isAlive(stream.until, limits.stream.max, now)) end(stream)
      let left = Math.ceil(streams.size / SPREAD)
      for (const stream of streams) {
        // The absolute difference, as the clock may be set back.
        if (left-- === 0 || Math.abs(now - stream.sentAt) < SILENT_MS) break
        stream.sink.send(HEARTBEAT)
        sent(stream)
      }
    },

    close() {
      closed = true
      for (const stream of streams) end(stream)
    },
  }
}

/** Counts by key, up to a maximum each. */
function createTally(max: number): { add(key: string): (() => void) | undefined } {
  const counts = new Map<string, number>()
  return {
    add(key) {
      const count = (counts.get(key) ?? 0) + 1
      if (count > max) return undefined
      counts.set(key, count)
      return () => {
        const left = (counts.get(key) ?? 0) - 1
        if (left > 0) counts.set(key, left)
        else counts.delete(key)
      }
    },
  }
}
