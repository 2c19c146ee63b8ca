// The S3 API (2006-03-01, PutObject): AWS's, or that of another store. A batch is an object of JSON lines, whose key is the same
// at every try: a doubled try writes the same object.
import { createHash } from 'node:crypto'
import type { S3Place } from '../../config/sink-places.ts'
import { signedRequestHeaders } from '../../sigv4/sign.ts'
import type { Batch, SinkWay } from '../batch.ts'
import { limits } from '../limits.ts'
import { isOk, post } from '../post.ts'
import { PutFailed } from '../put-failed.ts'

/** Errors by which every object is refused, until somebody mends it. */
const WRONG_PLACE: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AllAccessDisabled',
  'InvalidAccessKeyId',
  'InvalidBucketName',
  'NoSuchBucket',
  'PermanentRedirect',
  'SignatureDoesNotMatch',
])

export const s3: SinkWay<S3Place> = {
  records: limits.objectRecords.max,
  bytes: limits.objectBytes.max,
  sizeOf: (bytes) => bytes + 1,
  wait: limits.objectWait.max,
  async put({ clock, closed }, place, batch) {
    const { region, accessKeyId, secretAccessKey } = place
    const body = batch.lines.map(({ text }) => `${text}\n`).join('')
    const url = addressOf(place, place.bucket ?? bucketIn(batch), `${place.prefix}${keyOf(batch)}`)
    const named = {
      'content-type': 'application/x-ndjson',
      'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
    }
    const keys = { accessKeyId, secretAccessKey }
    const headers = signedRequestHeaders('PUT', url, named, body, keys, { region, service: 's3' }, clock.now())
    const { status, text } = await post(url.href, headers, body, closed, 'PUT')
    if (isOk(status)) return undefined
    const code = /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1]
    const wrong = status === 403 || status === 404 || (code !== undefined && WRONG_PLACE.has(code))
    throw new PutFailed(`S3 ${status} ${code ?? ''}`.trim(), wrong ? 'place' : 'later')
  },
}

function addressOf({ endpoint, pathStyle }: S3Place, bucket: string, key: string): URL {
  const url = new URL(endpoint)
  const base = url.pathname.replace(/\/$/, '')
  if (!pathStyle) url.host = `${bucket}.${url.host}`
  url.pathname = pathStyle ? `${base}/${bucket}/${key}` : `${base}/${key}`
  return url
}

/** arn:aws:s3:::BUCKET */
function bucketIn({ name }: Batch): string {
  const bucket = /^arn:[^:]+:s3:::([a-z0-9.-]{3,63})/.exec(name)?.[1]
  if (bucket === undefined)
    throw new PutFailed('its name is not the ARN of a bucket, and SINKS_FILE has no bucket', 'place')
  return bucket
}

/** `2026/11/30/08/20261130T081500Z-UUID.jsonl`: by date, and in the order of time. */
function keyOf({ madeAt, id }: Batch): string {
  const time = new Date(madeAt).toISOString()
  const folder = time.slice(0, 13).replace(/[-T]/g, '/')
  return `${folder}/${time.slice(0, 19).replace(/[-:]/g, '')}Z-${id}.jsonl`
}
