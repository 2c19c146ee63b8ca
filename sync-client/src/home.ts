// What the parts of a client are to each other: a tab, the leading one, and what tabs tell each other.
import type { DatasetOptions, GivenLogins, SyncOptions } from './client.ts'
import type { Dataset } from './dataset.ts'
import type { Delta, Intent } from './engine.ts'
import type { SyncError } from './errors.ts'
import type { DatasetStatus, Replica } from './replica.ts'
import type { Identity } from './service.ts'

/** What tabs tell each other. */
export type Message =
  | { type: 'edit'; scope: string; name: string; intents: readonly Intent[] }
  | { type: 'changed'; scope: string; name: string }
  | { type: 'status'; name?: string; status?: DatasetStatus; live: boolean; persistent: boolean; ahead: number }
  | { type: 'scope'; scope: string; wipe?: boolean }
  | { type: 'lead' }
  | ({ type: 'call' } & Call)
  | { type: 'reply'; id: string; value?: unknown; error?: SyncError }

export interface Call {
  readonly id: string
  readonly method: Method
  readonly args: readonly unknown[]
}

/** What the leading tab does for all. */
export type Method = 'open' | 'flush' | 'refresh' | 'login' | 'logout' | 'datasets' | 'remove'

/** What `leader.ts` needs of its tab. */
export interface Home {
  readonly options: SyncOptions
  readonly entries: ReadonlyMap<string, Entry>
  readonly tab: Tab
  read(prefix: string): Promise<Map<string, unknown>>
  /** All changes of a moment are written at once. */
  save(changes: Iterable<readonly [string, unknown]>): Promise<void>
  /** What was saved so far is written, or could not be. */
  written(): Promise<unknown>
  commit(entry: Entry, delta: Delta): void
  setStatus(entry: Entry | undefined, status: Partial<DatasetStatus>): void
  /** `wipe`: nothing of the identity before may be left in the storage, by no tab. */
  rescope(scope: string, wipe?: boolean): Promise<void>
  open(name: string, merge?: DatasetOptions['merge']): Entry
}

export interface Tab {
  /** The identity whose data are open, or UNKNOWN. */
  scope: string
  device: string
  closed: boolean
  live: boolean
  /** What this tab was told to sign in with. */
  logins: GivenLogins | undefined
}

/** A dataset in use. */
export interface Entry {
  readonly replica: Replica
  dataset: Dataset
  merge?: DatasetOptions['merge'] | undefined
  /** While the state is read: what the user did in the meantime. */
  loading?: Intent[] | undefined
  loaded?: Promise<void>

  // In the leading tab

  token?: string | undefined
  /** Datasets of guests that are to be taken over. */
  merged: readonly string[]
  /** Whether the push under way has reached the service only a pull can say. */
  doubt?: boolean
  /** The push under way, or its like, may still reach the service. */
  afloat?: boolean
  wantPull?: boolean
  /** The count that the event stream told last. */
  poked?: number
  running?: Promise<void> | undefined
  following?: Promise<void> | undefined
  failures?: number
  wait?: number
  timer?: ReturnType<typeof setTimeout> | undefined
  poll?: ReturnType<typeof setTimeout> | undefined
}

export interface Leader {
  start(): void
  close(): void
  opened(entry: Entry): void
  loaded(entry: Entry): void
  edited(entry: Entry): void
  perform(method: Method, args: readonly unknown[]): Promise<unknown>
  /** The service's time in ms. */
  now(): number
  identity(): Identity | undefined
}
