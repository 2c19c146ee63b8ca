// A batch is an object of JSON lines in S3, whose key is the same at every try: a doubled try writes the same object.
import type { S3Place } from '../../config/sink-places.ts'
import type { Batch, SinkWay } from '../batch.ts'
import { limits } from '../limits.ts'
import { PutFailed } from '../put-failed.ts'
import { putObject } from '../put-object.ts'

export const s3: SinkWay<S3Place> = {
  records: limits.objectRecords.max,
  bytes: limits.objectBytes.max,
  sizeOf: (bytes) => bytes + 1,
  wait: limits.objectWait.max,
  async put(parts, place, batch) {
    const body = batch.lines.map(({ text }) => `${text}\n`).join('')
    const bucket = place.bucket ?? bucketIn(batch)
    await putObject(parts, place, { bucket, key: keyOf(batch), type: 'application/x-ndjson', body })
    return undefined
  },
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
