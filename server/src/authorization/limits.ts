import type { Limits } from '../limit.ts'

export const limits = {
  // Longer tokens would not fit into a request's headers.
  sessionToken: { max: 8192, unit: 'characters', bounds: 'token of a session' },
  session: { max: 64 * 1024, unit: 'bytes', bounds: 'what a session token holds, unpacked' },
} as const satisfies Limits
