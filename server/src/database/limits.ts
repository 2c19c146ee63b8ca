import { variables } from '../config/env.ts'
import type { Limits } from '../limit.ts'

export const limits = {
  connections: {
    max: Number(variables.DATABASE_CONNECTIONS.default),
    bounds: 'connections of one process to PostgreSQL',
    setting: 'DATABASE_CONNECTIONS',
  },
  // Most that ask for readiness wait longer than this.
  readinessWait: { max: 2000, unit: 'ms', bounds: 'time that a check of readiness waits for its write' },
  flushWait: { max: 10_000, unit: 'ms', bounds: 'time that an answer waits for the disk to take its write (SQLite)' },
  page: {
    max: 60,
    bounds: 'entries of a page of a list, where the request names no number',
    source: 'docs/reference/user-pools.md 1.4',
  },
  pageToken: {
    max: 60 * 60 * 1000,
    unit: 'ms',
    bounds: 'life of a pagination token',
    source: 'docs/reference/user-pools.md 1.4',
  },
} as const satisfies Limits
