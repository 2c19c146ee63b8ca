// Where records of a stream are kept that are too large for it, and which the stream names by a URL: the member `largeRecords` of
// a place in STREAMS_FILE, a bucket of the S3 API. docs/sync.md.
import { isObject, type PlaceWays, type Problem } from './places.ts'
import { readS3Bucket, S3_MEMBERS, type S3Bucket } from './s3-place.ts'

export interface LargeRecords extends S3Bucket {
  readonly bucket: string
}

export interface WithLargeRecords {
  readonly largeRecords?: LargeRecords | undefined
}

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
          return 'problem' in largeRecords
            ? { problem: `largeRecords: ${largeRecords.problem}` }
            : { ...place, largeRecords }
        },
      },
    ]),
  )

function readLargeRecords(entry: unknown, usualRegion: string): LargeRecords | Problem {
  if (!isObject(entry)) return { problem: 'it must be an object.' }
  const stray = Object.keys(entry).find((name) => !S3_MEMBERS.includes(name))
  if (stray !== undefined) return { problem: `${stray} is no setting of it.` }
  const place = readS3Bucket(entry, usualRegion)
  if ('problem' in place) return place
  const { bucket } = place
  return bucket === undefined ? { problem: 'it needs bucket, the name of a bucket.' } : { ...place, bucket }
}
