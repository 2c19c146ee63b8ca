import { variables } from '../config/env.ts'
import type { Limits } from '../limit.ts'

export const limits = {
  datasets: {
    max: Number(variables.SYNC_DATASETS.default),
    bounds: 'datasets of an identity; a merger may bring it above that',
    setting: 'SYNC_DATASETS',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 19.3',
  },
  records: {
    max: Number(variables.SYNC_RECORDS.default),
    bounds: 'records of a dataset',
    setting: 'SYNC_RECORDS',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 19.3',
  },
  storage: {
    max: Number(variables.SYNC_DATASET_BYTES.default),
    unit: 'bytes',
    bounds: 'keys and values of a dataset together',
    setting: 'SYNC_DATASET_BYTES',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 19.3',
  },
  // Keys are part of an index (docs/decisions/statement-rules.md 4).
  recordKey: { max: 1024, unit: 'bytes', bounds: 'key of a record', source: 'docs/behaviour/sync.md' },
  tombstones: {
    max: Number(variables.SYNC_RECORDS.default),
    bounds: 'removed keys that a dataset remembers; beyond that it forgets the oldest down to half as many',
    setting: 'SYNC_RECORDS',
    source: 'docs/behaviour/sync.md',
  },
  deletedDatasets: {
    max: 100,
    bounds: 'deleted datasets that an identity remembers by name',
    source: 'docs/behaviour/sync.md',
  },
} as const satisfies Limits
