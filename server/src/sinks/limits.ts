import type { Limits } from '../limit.ts'

export const limits = {
  waitingRecords: {
    max: 50_000,
    bounds:
      'records that wait for one place in one process; beyond that the newest are lost, of the sink that has most there',
  },
  waitingBytes: { max: 32 * 2 ** 20, unit: 'bytes', bounds: 'of these' },
  // The least of the APIs: Firehose takes 1,000 KiB.
  record: { max: 1000 * 1024, unit: 'bytes', bounds: 'record of a log; a larger one is lost' },
  pause: { max: 60_000, unit: 'ms', bounds: 'pause after a place took nothing; it doubles from five seconds' },
  attemptTime: { max: 10_000, unit: 'ms', bounds: 'one request to a sink, of streams too' },
  answer: { max: 256 * 1024, unit: 'bytes', bounds: 'answer of a sink that is read' },
  stopTime: { max: 5_000, unit: 'ms', bounds: 'time that a stop waits until waiting records are delivered' },
  // How often a place that loses records, or takes none, is told of.
  toldEvery: { max: 60_000, unit: 'ms', bounds: 'time between two lines of the log about one place' },
  namesKept: { max: 10_000, bounds: 'names of sinks whose place is kept in memory' },
  cloudWatchRecords: { max: 10_000, bounds: 'events in one request to CloudWatch Logs', source: 'PutLogEvents' },
  cloudWatchBytes: {
    max: 1_048_576,
    unit: 'bytes',
    bounds: 'of these, with 26 bytes for each',
    source: 'PutLogEvents',
  },
  cloudWatchSpan: {
    max: 24 * 60 * 60 * 1000,
    unit: 'ms',
    bounds: 'time between the first and the last event of a request to CloudWatch Logs',
    source: 'PutLogEvents',
  },
  firehoseRecords: { max: 500, bounds: 'records in one request to Firehose', source: 'PutRecordBatch' },
  firehoseBytes: { max: 4 * 2 ** 20, unit: 'bytes', bounds: 'of these, in base64', source: 'PutRecordBatch' },
  objectRecords: { max: 20_000, bounds: 'records in one object of S3' },
  objectBytes: { max: 5 * 2 ** 20, unit: 'bytes', bounds: 'of these' },
  objectWait: { max: 60_000, unit: 'ms', bounds: 'time until records are written to S3' },
  analyticsRecords: { max: 500, bounds: 'records in one request to PostHog or Segment' },
  // Segment takes 500 KB.
  analyticsBytes: { max: 450_000, unit: 'bytes', bounds: 'of these, about' },
  batchRecords: { max: 1000, bounds: 'records in one request to a collector or webhook, and in one write to a file' },
  batchBytes: { max: 2 ** 20, unit: 'bytes', bounds: 'of these' },
} as const satisfies Limits
