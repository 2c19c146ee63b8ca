import type { Limits } from '../limit.ts'

export const limits = {
  // Kinesis counts the record with its partition key, and takes no more unless the stream is set to.
  record: {
    max: 900_000,
    unit: 'bytes',
    bounds:
      'record of a stream; a change that is larger goes to largeRecords, or comes in several, a key whose value alone is larger in one',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 21.2',
  },
  largeRecordTime: { max: 30_000, unit: 'ms', bounds: 'one large record on its way to S3' },
  // As long as a signature of S3 lives.
  largeRecordUrl: {
    max: 7 * 24 * 60 * 60,
    unit: 'seconds',
    bounds: 'time for which the URL of a large record can be fetched',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 21.2',
  },
} as const satisfies Limits
