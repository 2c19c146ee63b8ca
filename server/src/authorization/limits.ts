import type { Limits } from '../limit.ts'

export const limits = {
  // A longer one would not fit into the headers of a request.
  sessionToken: { max: 8192, unit: 'characters', bounds: 'token of a session' },
  session: { max: 64 * 1024, unit: 'bytes', bounds: 'what a session token holds, unpacked' },
} as const satisfies Limits
