import type { Limits } from '../limit.ts'

export const limits = {
  description: { max: 256 * 1024, unit: 'bytes', bounds: 'description of a request that a server asks about' },
} as const satisfies Limits
