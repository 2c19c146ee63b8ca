// What a sink of streams is given, and how it says that it did not take a record.
import type { Clock } from '../effects/effects.ts'
import type { KafkaProducers } from './sinks/kafka.ts'

export interface StreamRecord {
  /** The same at every try. */
  readonly id: string
  readonly stream: string
  /** Records with one key stay in order. */
  readonly partitionKey: string
  /** JSON. */
  readonly body: string
}

/** The error of a sink that did not take a record. `reason` is for the log and for developers; it quotes no record. */
export class PutFailed extends Error {
  readonly reason: string
  /** `later`: worth another try; `record`: this record is refused for good; `stream`: every record is, until somebody mends it. */
  readonly refuses: 'later' | 'record' | 'stream'
  constructor(reason: string, refuses: PutFailed['refuses']) {
    super(reason)
    this.reason = reason
    this.refuses = refuses
  }
}

export interface SinkParts {
  readonly clock: Clock
  readonly kafka: KafkaProducers
  /** Aborts what is under way. */
  readonly closed: AbortSignal
}
