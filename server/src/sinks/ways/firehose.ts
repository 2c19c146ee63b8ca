// The Amazon Data Firehose API (2015-08-04, PutRecordBatch): AWS's, or a stand-in's. Records are lines of JSON, as Firehose puts
// them one after the other into objects. Of a batch some may be taken and others not: these are tried again.
import type { FirehosePlace } from '../../config/sink-places.ts'
import { callAwsJson } from '../aws-json.ts'
import type { Batch, SinkWay } from '../batch.ts'
import { limits } from '../limits.ts'
import { PutFailed } from '../put-failed.ts'

const FIREHOSE = { service: 'firehose', target: 'Firehose_20150804', name: 'Firehose' }
/** The rest of the request, and of a record beside its data, about. */
const OVERHEAD = 32

export const firehose: SinkWay<FirehosePlace> = {
  records: limits.firehoseRecords.max,
  bytes: limits.firehoseBytes.max - 1024,
  // With a line break, in base64.
  sizeOf: (bytes) => Math.ceil((bytes + 1) / 3) * 4 + OVERHEAD,
  wait: 0,
  async put(parts, place, batch) {
    const DeliveryStreamName = place.stream ?? streamIn(batch)
    const Records = batch.lines.map(({ text }) => ({ Data: Buffer.from(`${text}\n`).toString('base64') }))
    const answer = await callAwsJson(parts, FIREHOSE, place, 'PutRecordBatch', { DeliveryStreamName, Records })
    if (!answer['FailedPutCount']) return undefined
    const outcomes = Array.isArray(answer['RequestResponses']) ? answer['RequestResponses'] : []
    const codeOf = (index: number): unknown => (Object(outcomes[index]) as { ErrorCode?: unknown }).ErrorCode
    const again = batch.lines.filter((_, index) => codeOf(index) !== undefined)
    const code = outcomes
      .map((_, index) => codeOf(index))
      .find((one) => typeof one === 'string' && /^\w{1,60}$/.test(one))
    return { again, reason: `Firehose ${code ?? 'failures'}` }
  },
}

/** arn:aws:firehose:REGION:ACCOUNT:deliverystream/NAME */
function streamIn({ name }: Batch): string {
  const stream = /^arn:[^:]+:firehose:[^:]*:[^:]*:deliverystream\/([\w.-]{1,64})$/.exec(name)?.[1]
  if (stream === undefined)
    throw new PutFailed('its name is not the ARN of a delivery stream, and SINKS_FILE has no stream', 'place')
  return stream
}
