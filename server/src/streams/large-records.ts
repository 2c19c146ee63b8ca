// Records that are larger than a stream takes: the whole record goes to an object of S3, and the stream gets one that leads there
// by a presigned URL (docs/reference/identity-pools-sts-iam-sync.md 21.2). S3's API is that of 2006-03-01 (PutObject).
import { createHash } from 'node:crypto'
import type { LargeRecords } from '../config/large-records.ts'
import { NoAnswer, operatorPost } from '../effects/operator-post.ts'
import { presignedUrl } from '../sigv4/presign.ts'
import { signRequest } from '../sigv4/sign.ts'
import { limits } from './limits.ts'
import { PutFailed, type SinkParts, type StreamRecord } from './sink.ts'

/**
 * Stores a record, and resolves with the one for the stream in its place. At each try it is the same object. Rejects with
 * PutFailed.
 */
export async function storeLarge(
  { clock, closed }: Pick<SinkParts, 'clock' | 'closed'>,
  place: LargeRecords,
  record: StreamRecord,
): Promise<StreamRecord> {
  const { body } = record
  const url = addressOf(place, `${record.stream}/${createHash('sha256').update(record.id).digest('hex')}.json`)
  const target = { region: place.region, service: 's3' }
  const headers = [
    ['host', url.host],
    ['content-type', 'application/json'],
    ['x-amz-content-sha256', createHash('sha256').update(body).digest('hex')],
  ] as const
  const request = { method: 'PUT', rawPath: url.pathname, rawQuery: '', headers, body }
  const signed = signRequest(request, place, target, clock.now()).filter(([name]) => name !== 'host')
  const bounds = { maxAnswer: limits.answer.max, timeoutMs: limits.largeRecordTime.max, closed, method: 'PUT' } as const
  const { status, text } = await operatorPost(url.href, Object.fromEntries(signed), body, bounds).catch((error) => {
    throw error instanceof NoAnswer ? new PutFailed(`S3 ${error.message}`, 'later') : error
  })
  if (status < 200 || status > 299) throw refusal(status, /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1])
  const link = presignedUrl(url, place, target, clock.now(), limits.largeRecordUrl.max)
  const { kinesisSyncRecords: _, ...rest } = JSON.parse(body) as Record<string, unknown>
  const leading = { ...rest, kinesisSyncRecords: [], kinesisSyncRecordsURL: link, payloadType: 'S3Url' }
  return { ...record, body: JSON.stringify(leading) }
}

function addressOf({ endpoint, bucket, prefix, pathStyle }: LargeRecords, name: string): URL {
  const url = new URL(endpoint)
  if (!pathStyle) url.host = `${bucket}.${url.host}`
  url.pathname = `/${pathStyle ? `${bucket}/` : ''}${prefix}${name}`
  return url
}

/** Nobody may write to the bucket, or it is not there, until somebody mends it: every large record is refused. */
function refusal(status: number, code = ''): PutFailed {
  const wrong = status === 403 || status === 404 || code === 'InvalidBucketName' || code === 'PermanentRedirect'
  return new PutFailed(`S3 ${status} ${code}`.trim(), wrong ? 'stream' : 'later')
}
