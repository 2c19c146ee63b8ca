import type { Limits } from '../limit.ts'

export const limits = {
  rangeAnswer: { max: 512 * 1024, unit: 'bytes', bounds: 'answer of BREACHED_PASSWORDS_URL' },
} as const satisfies Limits
