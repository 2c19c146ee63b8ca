// Where log records and analytics events go: the file that SINKS_FILE names, a JSON object from the name of a sink (the ARN of
// a log group, a bucket, a delivery stream or an analytics project, or the id of such a project), or a pattern with `*`, to a
// place. docs/log-delivery.md.
import {
  ARNS,
  type AwsPlace,
  type FilePlace,
  fileWay,
  isObject,
  isText,
  isUrl,
  type Places,
  type PlaceWays,
  readAwsPlace,
  readPlaceFile,
  type WebhookPlace,
  webhookWay,
} from './places.ts'
import { readS3Bucket, S3_MEMBERS, type S3Bucket } from './s3-place.ts'

/** Standard output of this process, a line of JSON for each record. */
export interface StdoutPlace {
  way: 'stdout'
}

/** A collector that takes logs by OTLP/HTTP as JSON. */
export interface OtlpPlace {
  way: 'otlp'
  /** Whole, such as `http://localhost:4318/v1/logs`. */
  url: string
  /** By names in lower case. */
  headers: Readonly<Record<string, string>>
}

/** The CloudWatch Logs API. */
export interface CloudWatchPlace extends AwsPlace {
  way: 'cloudwatch'
  /** Undefined: the one in the sink's ARN. */
  group: string | undefined
  /** Undefined: one named after this machine. */
  stream: string | undefined
}

/** The S3 API; without a bucket the one in the sink's ARN. */
export interface S3Place extends S3Bucket {
  way: 's3'
}

/** The Amazon Data Firehose API. */
export interface FirehosePlace extends AwsPlace {
  way: 'firehose'
  /** Undefined: the one in the sink's ARN. */
  stream: string | undefined
}

/** PostHog's capture API; takes analytics alone. */
export interface PostHogPlace {
  way: 'posthog'
  /** With its path. */
  url: string
  apiKey: string
}

/** Segment's HTTP Tracking API; takes analytics alone. */
export interface SegmentPlace {
  way: 'segment'
  /** With its path. */
  url: string
  writeKey: string
}

export type SinkPlace =
  | FilePlace
  | StdoutPlace
  | OtlpPlace
  | CloudWatchPlace
  | S3Place
  | FirehosePlace
  | WebhookPlace
  | PostHogPlace
  | SegmentPlace
export type SinkPlaces = Places<SinkPlace>

interface Given {
  /** TRIGGER_WEBHOOK_KEY. */
  webhookKey: string | undefined
  /** The absolute path of one that the file names. */
  pathOf: (path: string) => string
  /** AWS_REGION. */
  region: string
}

const AWS = ['region', 'accessKeyId', 'secretAccessKey']

const ways: PlaceWays<SinkPlace, Given> = {
  file: fileWay,
  stdout: {
    members: ['stdout'],
    read: ({ stdout }) => (stdout === true ? { way: 'stdout' } : { problem: 'stdout must be true.' }),
  },
  otlp: {
    members: ['otlp', 'headers'],
    read: ({ otlp, headers = {} }) => {
      if (!isUrl(otlp)) return { problem: 'otlp must be the http or https URL of a collector, with its path.' }
      if (!isObject(headers) || !Object.entries(headers).every(isHeader))
        return { problem: 'headers must be an object of headers, each a text.' }
      const named = Object.entries(headers as Record<string, string>)
      return { way: 'otlp', url: otlp, headers: Object.fromEntries(named.map(([n, v]) => [n.toLowerCase(), v])) }
    },
  },
  cloudwatch: {
    members: ['cloudwatch', ...AWS, 'group', 'stream'],
    read: (entry, { region }) => {
      const place = readAwsPlace('cloudwatch', 'a CloudWatch Logs API', entry, region)
      if ('problem' in place) return place
      const { group, stream } = entry
      if (!isName(group, /^[\w./#-]{1,512}$/)) return { problem: 'group must be the name of a log group.' }
      if (!isName(stream, /^[^:*]{1,512}$/)) return { problem: 'stream must be the name of a log stream.' }
      return { way: 'cloudwatch', ...place, group, stream }
    },
  },
  s3: {
    members: S3_MEMBERS,
    read: (entry, { region }) => {
      const place = readS3Bucket(entry, region)
      return 'problem' in place ? place : { way: 's3', ...place }
    },
  },
  firehose: {
    members: ['firehose', ...AWS, 'stream'],
    read: (entry, { region }) => {
      const place = readAwsPlace('firehose', 'a Firehose API', entry, region)
      if ('problem' in place) return place
      const { stream } = entry
      if (!isName(stream, /^[\w.-]{1,64}$/)) return { problem: 'stream must be the name of a delivery stream.' }
      return { way: 'firehose', ...place, stream }
    },
  },
  webhook: webhookWay,
  posthog: {
    members: ['posthog', 'apiKey'],
    read: ({ posthog, apiKey }) => {
      if (!isUrl(posthog)) return { problem: 'posthog must be the http or https URL of a PostHog server.' }
      if (!isText(apiKey)) return { problem: 'posthog needs apiKey, the API key of the project.' }
      return { way: 'posthog', url: below(posthog, 'batch/'), apiKey }
    },
  },
  segment: {
    members: ['segment', 'writeKey'],
    read: ({ segment, writeKey }) => {
      if (!isUrl(segment)) return { problem: 'segment must be the http or https URL of a Segment API.' }
      if (!isText(writeKey)) return { problem: 'segment needs writeKey, the write key of the source.' }
      return { way: 'segment', url: below(segment, 'v1/batch'), writeKey }
    },
  },
}

const below = (url: string, path: string): string => new URL(path, url.endsWith('/') ? url : `${url}/`).href

const isName = (value: unknown, form: RegExp): value is string | undefined =>
  value === undefined || (typeof value === 'string' && form.test(value))

/** RFC 9110 5.1 and 5.5, printable characters alone. */
const isHeader = ([name, value]: [string, unknown]): boolean =>
  /^[\w!#$%&'*+.^`|~-]+$/.test(name) && typeof value === 'string' && /^[\x20-\x7e]*$/.test(value)

/** ARNs, and ids of analytics projects. */
const namesOfSinks = (key: string): string | undefined =>
  ARNS(key) === undefined || /^[0-9a-fA-F*]{1,64}$/.test(key)
    ? undefined
    : 'it is neither an ARN, the id of an analytics project, nor a pattern of them.'

/** The places in the text of a file. Throws Error with every problem. */
export const readSinkPlaces = (text: string, given: Given): SinkPlaces =>
  readPlaceFile(
    text,
    {
      ways,
      keys: namesOfSinks,
      keyed: 'names of sinks',
      none: 'one of file, stdout, otlp, cloudwatch, s3, firehose, webhook, posthog and segment',
    },
    given,
  )
