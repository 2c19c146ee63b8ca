import { variables } from '../config/env.ts'
import type { Limits } from '../limit.ts'

const HOUR_MS = 60 * 60 * 1000

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
    max: 24 * HOUR_MS,
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
  applications: { max: 50, bounds: 'platform applications that an identity pool names for pushes' },
  // Whoever installs an app anew leaves the token of before behind.
  devices: {
    max: 50,
    bounds: 'devices of an identity; beyond that the oldest is forgotten',
    source: 'docs/behaviour/sync.md',
  },
  subscriptions: { max: 1000, bounds: 'datasets that the devices of an identity are told of, all devices together' },
  pushToken: { max: 4096, unit: 'characters', bounds: 'token of a device' },
  pushUsefulFor: { max: 24 * HOUR_MS, unit: 'ms', bounds: 'time after a change in which devices are told of it' },
  pushAttempts: { max: 12, bounds: 'attempts to tell devices of a change' },
  streamKeptFor: {
    max: 24 * HOUR_MS,
    unit: 'ms',
    bounds: 'time for which a record is kept for a sink that does not take it',
  },
  streamBatch: { max: 20, bounds: 'records of one dataset that one job brings to its stream' },
  bulkAttempts: { max: 10, bounds: 'attempts of BulkPublish at a dataset that the sink does not take' },
  bulkPause: {
    max: 24 * HOUR_MS,
    unit: 'ms',
    bounds: 'time after a BulkPublish that succeeded in which there is no other',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 21.4',
  },
  // A whole dataset, old and new values, with the escapes of JSON.
  triggerAnswer: { max: 6 * 1024 * 1024, unit: 'bytes', bounds: 'answer of a SyncTrigger' },
  functionArn: { max: 512, unit: 'characters', bounds: 'ARN of a function that is asked before records change' },
} as const satisfies Limits
