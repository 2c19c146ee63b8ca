import type { Limits } from '../limit.ts'

const MINUTE_MS = 60_000

export const limits = {
  answer: { max: 16 * 1024, unit: 'bytes', bounds: 'answer of a push service that is read' },
  attemptTime: { max: 10_000, unit: 'ms', bounds: 'one request to a push service' },
  connectionIdle: { max: MINUTE_MS, unit: 'ms', bounds: 'time that a connection to APNs is kept without a push' },
  // Apple refuses tokens older than an hour, and new ones more often than every 20 minutes.
  providerToken: { max: 40 * MINUTE_MS, unit: 'ms', bounds: 'time for which a token for APNs is used' },
  timeToLive: {
    max: 24 * 60 * 60,
    unit: 'seconds',
    bounds: 'time for which push services keep a push for a device that is away',
  },
  snsEndpoints: { max: 10_000, bounds: 'SNS endpoints of devices that one process remembers' },
} as const satisfies Limits
