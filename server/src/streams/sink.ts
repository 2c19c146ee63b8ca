// What a sink of streams is given. How it says that it did not take a record is sinks/put-failed.ts.
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

export interface SinkParts {
  readonly clock: Clock
  readonly kafka: KafkaProducers
  /** Aborts what is under way. */
  readonly closed: AbortSignal
}
