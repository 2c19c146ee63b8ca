// What applications see of a client.
import type { Dataset, Limits, Unsubscribe } from './dataset.ts'
import type { Strategy } from './engine.ts'
import type { SyncError } from './errors.ts'
import type { DatasetStatus } from './replica.ts'
import type { Schemas, ValuesOf } from './schema.ts'
import type { DatasetInfo, Logins, ServiceOptions } from './service.ts'
import type { Storage } from './storage.ts'

export type GivenLogins = Logins | (() => Logins | Promise<Logins>)

export interface SyncOptions extends ServiceOptions {
  /** A token for each provider that the user signed in at, or what gives them; a guest when absent. */
  readonly logins?: GivenLogins | undefined
  /** IndexedDB in browsers, otherwise memory, when absent. */
  readonly storage?: Storage | undefined
  /** `false`: no event stream, asks every now and then; `'manual'`: only when told to, by `flush` and `refresh`. */
  readonly live?: boolean | 'manual' | undefined
  /** Higher, where the server's are. */
  readonly limits?: Partial<Limits> | undefined
}

export interface DatasetOptions<S extends Schemas = Schemas> {
  /** A Standard Schema for each key; `*` for all others. Values that they refuse are not written, and not shown. */
  readonly schema?: S | undefined
  /** Makes a value that the schema refuses, from an earlier version of the application, one that it takes. */
  readonly migrate?: ((key: string, value: unknown) => unknown) | undefined
  /**
   * What comes of changes that met another device's, for each key; `*` for all others. `last` when absent. The leading tab
   * decides: a function must be given in every tab that may lead.
   */
  readonly merge?: Readonly<Record<string, Strategy>> | undefined
}

export interface SyncStatus {
  /** The worst of the datasets'. */
  readonly state: DatasetStatus['state']
  readonly pending: number
  readonly error?: SyncError | undefined
  /** Told at once of changes; otherwise it asks every now and then. */
  readonly live: boolean
  /** Changes outlive the page. False: the storage is not there, or full. */
  readonly persistent: boolean
  readonly identityId?: string | undefined
}

export interface Sync {
  <S extends Schemas>(name: string, options: DatasetOptions<S> & { schema: S }): Dataset<ValuesOf<S>>
  <Values = Record<string, unknown>>(name: string, options?: DatasetOptions): Dataset<Values>
  readonly status: SyncStatus
  /** Called when `status` changes. */
  watch(listener: () => void): Unsubscribe
  /** Signs in. What a guest did on this device becomes the user's, merged with what the user has. */
  login(logins: GivenLogins): Promise<void>
  /** Goes on as a new guest. The data stay on this device for the next sign-in of the user, unless all are wiped. */
  logout(options?: { wipe?: boolean }): Promise<void>
  /** The datasets of the identity at the service. */
  datasets(): Promise<DatasetInfo[]>
  /** Deletes a dataset at the service, and here. */
  remove(name: string): Promise<void>
  /** As of every dataset in use. */
  flush(): Promise<void>
  /** Lets go of network and storage. With `wipe` all data on this device are deleted, sent or not. */
  destroy(options?: { wipe?: boolean }): Promise<void>
}
