import { variables } from '../config/env.ts'
import type { Limits } from '../limit.ts'

export const limits = {
  connections: {
    max: Number(variables.MAX_CONNECTIONS.default),
    bounds: 'connections of clients at once',
    setting: 'MAX_CONNECTIONS',
  },
  connectionsOfAddress: {
    max: Number(variables.MAX_CONNECTIONS_PER_ADDRESS.default),
    bounds: 'connections of one address at once (IPv6: of one /64); proxies of TRUSTED_PROXIES have no such bound',
    setting: 'MAX_CONNECTIONS_PER_ADDRESS',
    source: 'docs/reference/threats.md 50',
  },
  tlsHandshake: { max: 10_000, unit: 'ms', bounds: 'time until TLS is agreed upon on a new connection' },
  // Not counted as shared memory, so that a flood of large bodies does not refuse usual ones.
  ownBody: { max: 64 * 1024, unit: 'bytes', bounds: 'what every body may hold in memory, whatever else is on its way' },
  // Many slow clients must not exhaust the memory.
  sharedBodies: {
    max: 32 * 1024 * 1024,
    unit: 'bytes',
    bounds: 'what is beyond that of all bodies of one process together',
  },
  // Most supervisors kill a process ten seconds after the signal to stop; a request whose body never ends must not
  // delay the stop until then.
  requestGrace: { max: 7000, unit: 'ms', bounds: 'time that requests in flight have when the server stops' },
} as const satisfies Limits
