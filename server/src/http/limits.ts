import { variables } from '../config/env.ts'
import type { Limits } from '../limit.ts'

export const limits = {
  connections: {
    max: Number(variables.MAX_CONNECTIONS.default),
    bounds: 'connections of clients at once',
    setting: 'MAX_CONNECTIONS',
  },
  // No flood of large bodies keeps out what is usual.
  ownBody: { max: 64 * 1024, unit: 'bytes', bounds: 'what every body may hold in memory, whatever else is on its way' },
  // Many slow clients must not fill the memory.
  sharedBodies: {
    max: 32 * 1024 * 1024,
    unit: 'bytes',
    bounds: 'what is beyond that of all bodies of one process together',
  },
  // What runs ten seconds after the signal is killed by most that send it; a body that never ends must not bring that about.
  requestGrace: { max: 7000, unit: 'ms', bounds: 'time that requests in flight have when the server stops' },
} as const satisfies Limits
