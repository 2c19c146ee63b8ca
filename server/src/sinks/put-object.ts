// The S3 API (2006-03-01, PutObject): AWS's, or that of another store.
import { createHash } from 'node:crypto'
import type { S3Bucket } from '../config/s3-place.ts'
import type { Clock } from '../effects/effects.ts'
import { signedRequestHeaders } from '../sigv4/sign.ts'
import { isOk, post } from './post.ts'
import { PutFailed } from './put-failed.ts'

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

export interface NewObject {
  readonly bucket: string
  /** Below the place's prefix; letters, digits and `_ - . /`. */
  readonly key: string
  /** Its media type. */
  readonly type: string
  readonly body: string
  readonly timeoutMs?: number
}

/** Resolves with the address of the object. Rejects with PutFailed. */
export async function putObject(
  { clock, closed }: { clock: Clock; closed: AbortSignal },
  place: S3Bucket,
  { bucket, key, type, body, timeoutMs }: NewObject,
): Promise<URL> {
  const url = addressOf(place, bucket, `${place.prefix}${key}`)
  const named = { 'content-type': type, 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') }
  const target = { region: place.region, service: 's3' }
  const headers = signedRequestHeaders('PUT', url, named, body, place, target, clock.now())
  const { status, text } = await post(url.href, headers, body, closed, { method: 'PUT', timeoutMs })
  if (isOk(status)) return url
  const code = /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1]
  const wrong = status === 403 || status === 404 || (code !== undefined && WRONG_PLACE.has(code))
  throw new PutFailed(`S3 ${status} ${code ?? ''}`.trim(), wrong ? 'place' : 'later')
}

function addressOf({ endpoint, pathStyle }: S3Bucket, bucket: string, key: string): URL {
  const url = new URL(endpoint)
  const base = url.pathname.replace(/\/$/, '')
  if (!pathStyle) url.host = `${bucket}.${url.host}`
  url.pathname = pathStyle ? `${base}/${bucket}/${key}` : `${base}/${key}`
  return url
}
