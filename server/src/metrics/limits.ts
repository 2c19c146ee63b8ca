import type { Limits } from '../limit.ts'

export const limits = {
  pools: {
    max: 100,
    bounds:
      'pools that have metrics of their own in one process: those that it meets first since its start; what the others do is counted under `other`',
    source: 'docs/metrics.md',
  },
  dueJobs: {
    max: 1000,
    bounds: 'due jobs of a queue that `/metrics` counts; it shows no more',
    source: 'docs/metrics.md',
  },
} as const satisfies Limits
