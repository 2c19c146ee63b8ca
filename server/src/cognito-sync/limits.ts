import { variables } from '../config/env.ts'
import type { Limits } from '../limit.ts'

export const limits = {
  patches: {
    max: 1024,
    bounds: 'record patches of a call',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 20.3',
  },
  page: {
    max: 1024,
    bounds: 'entries of a page of datasets, records or usages',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 19.3',
  },
  pageBytes: { max: 4 * 1024 * 1024, unit: 'bytes', bounds: 'keys and values of a page of records together' },
  sessionToken: {
    max: 24 * 60 * 60 * 1000,
    unit: 'ms',
    bounds: 'life of a SyncSessionToken',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 20.2',
  },
  streams: {
    max: Number(variables.MAX_STREAMS.default),
    bounds: 'open event streams of one process; they count against no limit of connections',
    setting: 'MAX_STREAMS',
  },
  streamsOfAddress: {
    max: Number(variables.MAX_CONNECTIONS_PER_ADDRESS.default),
    bounds: 'open event streams of one address (IPv6: of one /64)',
    setting: 'MAX_CONNECTIONS_PER_ADDRESS',
    source: 'docs/reference/threats.md 50',
  },
  // An app opens one for all tabs of a browser, so these are devices.
  streamsOfIdentity: { max: 64, bounds: 'open event streams of one identity at one process' },
  stream: { max: 3_600_000, unit: 'ms', bounds: 'life of an event stream, if its credentials live for longer' },
  // It is in the address of a request, which proxies write to their logs.
  streamTicket: { max: 60_000, unit: 'ms', bounds: 'time in which a ticket opens event streams' },
  // Some 300 pokes. A reader that is further behind learns the rest when it connects again.
  streamUnsent: {
    max: 65_536,
    unit: 'bytes',
    bounds: 'what waits for the reader of an event stream before it is closed',
  },
  eventId: { max: 8_192, unit: 'characters', bounds: 'Last-Event-ID that is read; beyond it every dataset is poked' },
} as const satisfies Limits
