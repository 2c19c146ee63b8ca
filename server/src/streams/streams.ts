// Where the records of streams go: the sinks of STREAMS_FILE, one file each in sinks/.
import { placeOf } from '../config/places.ts'
import type { StreamPlace, StreamPlaces } from '../config/stream-places.ts'
import type { Clock } from '../effects/effects.ts'
import { PutFailed } from '../sinks/put-failed.ts'
import type { SinkParts, StreamRecord } from './sink.ts'
import { putIntoFile } from './sinks/file.ts'
import { createKafkaProducers, putIntoKafka } from './sinks/kafka.ts'
import { putIntoKinesis } from './sinks/kinesis.ts'
import { putIntoWebhook } from './sinks/webhook.ts'

type Sinks = {
  [Place in StreamPlace as Place['way']]: (parts: SinkParts, place: Place, record: StreamRecord) => Promise<void>
}

const sinks: Sinks = { kinesis: putIntoKinesis, kafka: putIntoKafka, webhook: putIntoWebhook, file: putIntoFile }

export interface Streams {
  /** Whether there is a place for the records of a stream. */
  knows(stream: string): boolean
  /** Resolves when the sink has taken the record. Rejects with PutFailed. */
  put(record: StreamRecord): Promise<void>
  close(): Promise<void>
}

/** `close` ends the connections and the requests under way. */
export function createStreams({ places, clock }: { places: StreamPlaces; clock: Clock }): Streams {
  const closing = new AbortController()
  const kafka = createKafkaProducers()
  const parts: SinkParts = { clock, kafka, closed: closing.signal }
  return {
    knows: (stream) => placeOf(places, stream) !== undefined,
    async put(record) {
      const place = placeOf(places, record.stream)
      if (!place) throw new PutFailed('STREAMS_FILE does not name the stream', 'place')
      const put = sinks[place.way] as (parts: SinkParts, place: StreamPlace, record: StreamRecord) => Promise<void>
      await put(parts, place, record)
    },
    async close() {
      closing.abort()
      await kafka.close()
    },
  }
}
