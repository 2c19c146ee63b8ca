// Where records of a stream are kept that are too large for it, and which the stream names by a URL: the member `largeRecords` of
// a place in STREAMS_FILE, a bucket of the S3 API. docs/sync.md.
import { isObject, isText, isUrl, type PlaceWays, type Problem } from './places.ts'

export interface LargeRecords {
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  /** What keys of objects begin with: folders that end in a slash, or empty. */
  readonly prefix: string
  /** Whether the bucket is in the path, not in the host. */
  readonly pathStyle: boolean
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface WithLargeRecords {
  readonly largeRecords?: LargeRecords | undefined
}

const MEMBERS: readonly string[] = ['s3', 'region', 'bucket', 'prefix', 'pathStyle', 'accessKeyId', 'secretAccessKey']

/** The same ways, with `largeRecords` as a member of each. */
export const withLargeRecords = <Place extends object, Given extends { region: string }>(
  ways: PlaceWays<Place, Given>,
): PlaceWays<Place & WithLargeRecords, Given> =>
  Object.fromEntries(
    Object.entries(ways).map(([name, way]) => [
      name,
      {
        members: [...way.members, 'largeRecords'],
        read(entry, given) {
          const place = way.read(entry, given)
          if ('problem' in place || entry['largeRecords'] === undefined) return place
          const largeRecords = readLargeRecords(entry['largeRecords'], given.region)
          return 'problem' in largeRecords ? largeRecords : { ...place, largeRecords }
        },
      },
    ]),
  )

function readLargeRecords(entry: unknown, usualRegion: string): LargeRecords | Problem {
  if (!isObject(entry)) return { problem: 'largeRecords must be an object.' }
  const stray = Object.keys(entry).find((name) => !MEMBERS.includes(name))
  if (stray !== undefined) return { problem: `${stray} is no setting of largeRecords.` }
  const { s3, bucket, region = usualRegion, prefix = '', accessKeyId, secretAccessKey } = entry
  if (!isUrl(s3)) return { problem: 'largeRecords needs s3, the http or https URL of an S3 API.' }
  const { pathStyle = !new URL(s3).host.endsWith('.amazonaws.com') } = entry
  if (!isText(bucket) || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    return { problem: 'largeRecords needs bucket, the name of a bucket.' }
  if (!isText(region)) return { problem: 'region of largeRecords must be the name of a region.' }
  // Nothing that a signature and a store could read differently.
  if (typeof prefix !== 'string' || !/^([\w-][\w.-]*\/){0,20}$/.test(prefix) || prefix.length > 256)
    return { problem: 'prefix of largeRecords must be folders of A-Z a-z 0-9 . _ - that end in a slash.' }
  if (typeof pathStyle !== 'boolean') return { problem: 'pathStyle of largeRecords must be true or false.' }
  if (!isText(accessKeyId) || !isText(secretAccessKey))
    return { problem: 'largeRecords needs accessKeyId and secretAccessKey.' }
  return { endpoint: s3, region, bucket, prefix, pathStyle, accessKeyId, secretAccessKey }
}
