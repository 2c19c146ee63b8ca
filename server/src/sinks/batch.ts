// What a way of sinks is given, and what it answers.
import type { SinkPlace } from '../config/sink-places.ts'
import type { CallParts } from './aws-json.ts'
import type { BatchBounds } from './lane.ts'

/** What happened, as it is logged. */
export interface SinkRecord {
  /** Epoch milliseconds. */
  readonly at: number
  /** JSON. */
  readonly body: object
  /** What it is about: of the records of one request about the same thing, the last one is kept (held-records.ts). */
  readonly about?: string
}

/** A record on its way. */
export interface Line {
  /** Epoch milliseconds. */
  readonly at: number
  /** The body, JSON without line breaks. */
  readonly text: string
  /** UTF-8 bytes of `text`. */
  readonly bytes: number
}

/** Lines of one sink, in the order in which they were added. At every try of a batch it is the same. */
export interface Batch {
  /** A UUID. */
  readonly id: string
  /** The name of the sink, such as the ARN of a log group. */
  readonly name: string
  readonly lines: readonly Line[]
  /** Epoch milliseconds. */
  readonly madeAt: number
}

/** What of a batch was not delivered by a put that did not fail as a whole. */
export interface Leftover {
  /** Lines that are worth another try. */
  readonly again?: readonly Line[]
  /** How many lines the place has refused for good. */
  readonly refused?: number
  /** Why, for the log. */
  readonly reason: string
}

export interface SinkParts extends CallParts {
  /** Writes to standard output; resolves when that has taken it. */
  readonly writeOut: (text: string) => Promise<void>
}

/** How records go to a place of one way. */
export interface SinkWay<Place extends SinkPlace> extends BatchBounds {
  /**
   * Brings a batch, which it may shape as the place wants it. Resolves with what the place has not taken, undefined when it took
   * everything; rejects with PutFailed when it took nothing.
   */
  put(parts: SinkParts, place: Place, batch: Batch): Promise<Leftover | undefined>
}

/** The body of a line, for ways that shape it. */
export const bodyOf = ({ text }: Line): Readonly<Record<string, unknown>> => JSON.parse(text)
