import type { Limits } from '../limit.ts'

export const limits = {
  patches: {
    max: 1024,
    bounds: 'record patches of a call',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 20.3',
  },
  page: {
    max: 1024,
    bounds: 'entries of a page of datasets, records or usages',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 19.3',
  },
  pageBytes: { max: 4 * 1024 * 1024, unit: 'bytes', bounds: 'keys and values of a page of records together' },
  sessionToken: {
    max: 24 * 60 * 60 * 1000,
    unit: 'ms',
    bounds: 'life of a SyncSessionToken',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 20.2',
  },
} as const satisfies Limits
