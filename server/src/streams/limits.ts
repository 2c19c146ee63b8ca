import type { Limits } from '../limit.ts'

export const limits = {
  // Kinesis counts the record with its partition key, and takes no more unless the stream is set to.
  record: {
    max: 900_000,
    unit: 'bytes',
    bounds: 'record of a stream; a change that is larger comes in several, a key whose value alone is larger in one',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 21.2',
  },
} as const satisfies Limits
