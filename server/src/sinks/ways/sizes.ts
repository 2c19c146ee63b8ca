// The bounds of batches whose records are separated by one character each, where the other side has none of its own.
import { limits } from '../limits.ts'

export const inLines = {
  records: limits.batchRecords.max,
  bytes: limits.batchBytes.max,
  sizeOf: (bytes: number): number => bytes + 1,
  wait: 0,
} as const
