// A bucket of the S3 API, AWS's or another store's, as an entry of a file of places has it: for log records (SINKS_FILE) and for
// large records of streams (STREAMS_FILE).
import { type AwsPlace, type Entry, isText, type Problem, readAwsPlace } from './places.ts'

export interface S3Bucket extends AwsPlace {
  /** Undefined where the entry names none. */
  readonly bucket: string | undefined
  /** What keys begin with; empty, or ends with `/`. */
  readonly prefix: string
  /** Whether the bucket is in the path, not in the host. */
  readonly pathStyle: boolean
}

export const S3_MEMBERS: readonly string[] = [
  's3',
  'region',
  'accessKeyId',
  'secretAccessKey',
  'bucket',
  'prefix',
  'pathStyle',
]

/** Its region is `region` if it names none. */
export function readS3Bucket(entry: Entry, region: string): S3Bucket | Problem {
  const place = readAwsPlace('s3', 'an S3 API', entry, region)
  if ('problem' in place) return place
  const { bucket, prefix = '', pathStyle = !new URL(place.endpoint).host.endsWith('.amazonaws.com') } = entry
  if (bucket !== undefined && !(isText(bucket) && /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)))
    return { problem: 'bucket must be the name of a bucket.' }
  // Characters that are the same in a key, in a path and in what is signed of it.
  if (typeof prefix !== 'string' || !/^([\w-][\w.-]*\/)*$/.test(prefix) || prefix.length > 512)
    return { problem: 'prefix must be folders of letters, digits, _, - and dots, each with a / after it.' }
  if (typeof pathStyle !== 'boolean') return { problem: 'pathStyle must be true or false.' }
  return { ...place, bucket, prefix, pathStyle }
}
