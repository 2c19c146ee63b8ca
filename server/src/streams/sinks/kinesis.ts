// The Kinesis API (2013-12-02, PutRecord): AWS's, or a stand-in's such as LocalStack's.
import type { KinesisPlace } from '../../config/stream-places.ts'
import { callAwsJson } from '../../sinks/aws-json.ts'
import type { SinkParts, StreamRecord } from '../sink.ts'

const KINESIS = { service: 'kinesis', target: 'Kinesis_20131202', name: 'Kinesis' }

export async function putIntoKinesis(
  parts: SinkParts,
  place: KinesisPlace,
  { stream, partitionKey, body }: StreamRecord,
): Promise<void> {
  const Data = Buffer.from(body).toString('base64')
  await callAwsJson(parts, KINESIS, place, 'PutRecord', { StreamName: stream, Data, PartitionKey: partitionKey })
}
