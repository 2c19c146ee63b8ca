// Records that are larger than a stream takes: the whole record goes to an object of S3, and the stream gets one that leads there
// by a presigned URL (docs/reference/identity-pools-sts-iam-sync.md 21.2).
import { createHash } from 'node:crypto'
import type { LargeRecords } from '../config/large-records.ts'
import { presignedUrl } from '../sigv4/presign.ts'
import { putObject } from '../sinks/put-object.ts'
import { limits } from './limits.ts'
import type { SinkParts, StreamRecord } from './sink.ts'

/**
 * Stores a record, and resolves with the one for the stream in its place. At each try it is the same object. Rejects with
 * PutFailed.
 */
export async function storeLarge(
  parts: Pick<SinkParts, 'clock' | 'closed'>,
  place: LargeRecords,
  record: StreamRecord,
): Promise<StreamRecord> {
  const { body } = record
  const key = `${record.stream}/${createHash('sha256').update(record.id).digest('hex')}.json`
  const url = await putObject(parts, place, {
    bucket: place.bucket,
    key,
    type: 'application/json',
    body,
    timeoutMs: limits.largeRecordTime.max,
  })
  const target = { region: place.region, service: 's3' }
  const link = presignedUrl(url, place, target, parts.clock.now(), limits.largeRecordUrl.max)
  const { kinesisSyncRecords: _, ...rest } = JSON.parse(body) as Record<string, unknown>
  const leading = { ...rest, kinesisSyncRecords: [], kinesisSyncRecordsURL: link, payloadType: 'S3Url' }
  return { ...record, body: JSON.stringify(leading) }
}
