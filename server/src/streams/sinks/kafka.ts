// Kafka, by the package @platformatic/kafka, which is no dependency of this package: whoever names brokers in STREAMS_FILE
// installs it (docs/sync.md). It is loaded with the first record.
import type { KafkaPlace } from '../../config/stream-places.ts'
import { limits } from '../../sinks/limits.ts'
import { PutFailed } from '../../sinks/put-failed.ts'
import type { SinkParts, StreamRecord } from '../sink.ts'

/** What is used of the package. */
interface Producer {
  send(options: {
    acks: number
    messages: readonly { topic: string; key: Buffer; value: Buffer; headers: ReadonlyMap<Buffer, Buffer> }[]
  }): Promise<unknown>
  close(): Promise<void>
}
interface Kafka {
  Producer: new (options: Readonly<Record<string, unknown>>) => Producer
}

export interface KafkaProducers {
  of(place: KafkaPlace): Promise<Producer>
  close(): Promise<void>
}

/** `load` is replaced by tests. */
export function createKafkaProducers(load = () => loadKafka()): KafkaProducers {
  const producers = new Map<KafkaPlace, Promise<Producer>>()
  async function start({ brokers, tls, sasl }: KafkaPlace): Promise<Producer> {
    const { Producer } = (await load()) as Kafka
    const { max: timeout } = limits.attemptTime
    return new Producer({
      clientId: 'cognomen',
      bootstrapBrokers: brokers,
      // The queue tries again, and tells of it.
      retries: 0,
      connectTimeout: timeout,
      requestTimeout: timeout,
      timeout,
      ...(tls && { tls: {} }),
      ...(sasl && { sasl }),
    })
  }
  return {
    of(place) {
      const known = producers.get(place)
      if (known) return known
      const starting = start(place)
      producers.set(place, starting)
      starting.catch(() => producers.delete(place))
      return starting
    },
    async close() {
      // What is under way is tried again by the next process: a broker that is away must not delay the stop.
      await Promise.allSettled([...producers.values()].map(async (producer) => (await producer).close()))
    },
  }
}

const PACKAGE = '@platformatic/kafka'

/** Throws PutFailed when the package is not there. `name` is replaced by tests. */
export async function loadKafka(name = PACKAGE): Promise<unknown> {
  try {
    return await import(name)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw code === 'ERR_MODULE_NOT_FOUND'
      ? new PutFailed(`the package ${PACKAGE} is not installed beside cognomen: npm install ${PACKAGE}`, 'place')
      : error
  }
}

/** Acknowledged by all replicas that are in sync. */
const ALL = -1

export async function putIntoKafka(
  { kafka }: SinkParts,
  place: KafkaPlace,
  { id, stream, partitionKey, body }: StreamRecord,
): Promise<void> {
  const producer = await kafka.of(place)
  const message = {
    topic: place.topic ?? stream,
    key: Buffer.from(partitionKey),
    value: Buffer.from(body),
    headers: new Map([[Buffer.from('cognomen-id'), Buffer.from(id)]]),
  }
  try {
    await producer.send({ acks: ALL, messages: [message] })
  } catch (error) {
    const names = [...namesIn(error)]
    const name = names.find((word) => word in REFUSALS) ?? names.find((word) => !word.startsWith(OWN)) ?? names[0]
    throw new PutFailed(`Kafka ${name ?? 'error'}`, REFUSALS[name ?? ''] ?? 'later')
  }
}

/** Errors of brokers that do not pass by themselves. */
const REFUSALS: Readonly<Record<string, PutFailed['refuses']>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'place',
  TOPIC_AUTHORIZATION_FAILED: 'place',
  CLUSTER_AUTHORIZATION_FAILED: 'place',
  SASL_AUTHENTICATION_FAILED: 'place',
  INVALID_TOPIC_EXCEPTION: 'place',
  MESSAGE_TOO_LARGE: 'record',
  RECORD_LIST_TOO_LARGE: 'record',
  INVALID_RECORD: 'record',
}

/** What the package's own codes begin with. */
const OWN = 'PLT_KFK_'
/** Its word for a topic that does not exist. */
const UNKNOWN_TOPIC = `${OWN}USER`

/** The words of an error and of those that caused it: names of the protocol's errors, and codes. */
function namesIn(error: unknown, names = new Set<string>()): ReadonlySet<string> {
  const { apiId, code, cause, errors } = Object(error) as Record<string, unknown>
  for (const word of [apiId, code === UNKNOWN_TOPIC ? 'UNKNOWN_TOPIC_OR_PARTITION' : code])
    if (typeof word === 'string' && /^\w{1,60}$/.test(word)) names.add(word)
  for (const inner of [cause, ...(Array.isArray(errors) ? errors : [])])
    if (inner !== undefined && inner !== error && names.size < 50) namesIn(inner, names)
  return names
}
