import type { Limits } from '../limit.ts'

export const limits = {
  // Kinesis counts the record with its partition key, and takes no more unless the stream is set to.
  record: {
    max: 900_000,
    unit: 'bytes',
    bounds: 'record of a stream; a change that is larger comes in several, a key whose value alone is larger in one',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 21.2',
  },
  answer: { max: 16 * 1024, unit: 'bytes', bounds: 'answer of a sink of streams that is read' },
  attemptTime: { max: 10_000, unit: 'ms', bounds: 'one record on its way to a sink' },
} as const satisfies Limits
