// Where the records of streams go: the file that STREAMS_FILE names, a JSON object from the name of a stream that an
// identity pool names (CognitoStreams.StreamName), or a pattern with `*`, to a place. docs/sync.md.
import {
  type AwsPlace,
  type FilePlace,
  fileWay,
  isObject,
  isText,
  type Places,
  type PlaceWays,
  readAwsPlace,
  readPlaceFile,
  type WebhookPlace,
  webhookWay,
} from './places.ts'

/** The Kinesis API, AWS's or a stand-in's. */
export interface KinesisPlace extends AwsPlace {
  way: 'kinesis'
}

/** Brokers of Kafka; the topic is the name of the stream unless `topic` is another. */
export interface KafkaPlace {
  way: 'kafka'
  /** `host:port`, at least one. */
  brokers: readonly string[]
  topic: string | undefined
  tls: boolean
  sasl: { mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'; username: string; password: string } | undefined
}

export type StreamPlace = KinesisPlace | KafkaPlace | FilePlace | WebhookPlace
export type StreamPlaces = Places<StreamPlace>

interface Given {
  /** TRIGGER_WEBHOOK_KEY. */
  webhookKey: string | undefined
  /** The absolute path of one that the file names. */
  pathOf: (path: string) => string
  /** AWS_REGION. */
  region: string
}

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const

const ways: PlaceWays<StreamPlace, Given> = {
  kinesis: {
    members: ['kinesis', 'region', 'accessKeyId', 'secretAccessKey'],
    read: (entry, { region }) => {
      const place = readAwsPlace('kinesis', 'a Kinesis API', entry, region)
      return 'problem' in place ? place : { way: 'kinesis', ...place }
    },
  },
  kafka: {
    members: ['kafka', 'topic', 'tls', 'sasl'],
    read: ({ kafka, topic, tls = false, sasl }) => {
      if (!Array.isArray(kafka) || kafka.length === 0 || !kafka.every(isBroker))
        return { problem: 'kafka must be a list of brokers, host:port each.' }
      if (topic !== undefined && !isText(topic)) return { problem: 'topic must be the name of a topic.' }
      if (typeof tls !== 'boolean') return { problem: 'tls must be true or false.' }
      if (sasl !== undefined && !isSasl(sasl))
        return { problem: `sasl must have mechanism (${MECHANISMS.join(', ')}), username and password.` }
      return { way: 'kafka', brokers: kafka, topic, tls, sasl }
    },
  },
  webhook: webhookWay,
  file: fileWay,
}

const isBroker = (value: unknown): value is string => typeof value === 'string' && /^[^\s:/]+:\d{1,5}$/.test(value)

const isSasl = (value: unknown): value is NonNullable<KafkaPlace['sasl']> =>
  isObject(value) &&
  MECHANISMS.some((mechanism) => mechanism === value['mechanism']) &&
  isText(value['username']) &&
  isText(value['password'])

/** Names of streams are those of Kinesis, up to 128 characters. */
const namesOfStreams = (key: string): string | undefined =>
  /^[\w.*-]{1,128}$/.test(key) ? undefined : 'it is neither the name of a stream nor a pattern of names.'

/** The places in the text of a file. Throws Error with every problem. */
export const readStreamPlaces = (text: string, given: Given): StreamPlaces =>
  readPlaceFile(
    text,
    { ways, keys: namesOfStreams, keyed: 'names of streams', none: 'one of kinesis, kafka, webhook and file' },
    given,
  )
