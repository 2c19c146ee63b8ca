// The Kinesis API (2013-12-02, PutRecord): AWS's, or a stand-in's such as LocalStack's.
import type { KinesisPlace } from '../../config/stream-places.ts'
import { signedPostHeaders } from '../../sigv4/sign.ts'
import { PutFailed, type SinkParts, type StreamRecord } from '../sink.ts'
import { isOk, post } from './post.ts'

/** Errors by which every record of the stream is refused: it is gone, or this server may not write to it. */
const WRONG_STREAM: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'KMSAccessDeniedException',
  'KMSDisabledException',
  'KMSNotFoundException',
  'KMSOptInRequired',
])
const WRONG_RECORD: ReadonlySet<string> = new Set([
  'ValidationException',
  'InvalidArgumentException',
  'SerializationException',
])

export async function putIntoKinesis(
  { clock, closed }: SinkParts,
  { endpoint, region, accessKeyId, secretAccessKey }: KinesisPlace,
  { stream, partitionKey, body: record }: StreamRecord,
): Promise<void> {
  const url = new URL(endpoint)
  const body = JSON.stringify({
    StreamName: stream,
    Data: Buffer.from(record).toString('base64'),
    PartitionKey: partitionKey,
  })
  const named = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.PutRecord' }
  const target = { region, service: 'kinesis' }
  const headers = signedPostHeaders(url, named, body, { accessKeyId, secretAccessKey }, target, clock.now())
  const { status, text } = await post(url.href, headers, body, closed)
  if (isOk(status)) return
  const code = /"__type"\s*:\s*"(?:[\w.]{1,100}#)?(\w{1,60})"/.exec(text)?.[1]
  throw new PutFailed(`Kinesis ${status} ${code ?? ''}`.trim(), refusal(code))
}

function refusal(code: string | undefined): PutFailed['refuses'] {
  if (code === undefined) return 'later'
  return WRONG_STREAM.has(code) ? 'stream' : WRONG_RECORD.has(code) ? 'record' : 'later'
}
