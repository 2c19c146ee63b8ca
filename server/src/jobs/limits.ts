import type { Limits } from '../limit.ts'

export const limits = {
  pause: {
    max: 60 * 60 * 1000,
    unit: 'ms',
    bounds: 'pause between two attempts at a job, about; it doubles from five seconds',
  },
} as const satisfies Limits
