import type { Limits } from '../limit.ts'

export const limits = {
  // Whoever sees the address of a presigned call can make it, so a longer X-Amz-Expires is cut (not refused: botocore
  // asks for an hour unless told otherwise).
  presigned: { max: 15 * 60, unit: 'seconds', bounds: 'life of a presigned call, whatever its X-Amz-Expires' },
} as const satisfies Limits
