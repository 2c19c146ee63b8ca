// The context: the parts of the server, created once at the start (server.ts) and passed to every operation as its
// first argument.
import type { Logger } from 'pino'
import type { FailingAddresses } from './addresses/failing-addresses.ts'
import type { KnownAddresses } from './addresses/known-addresses.ts'
import type { SessionTokens } from './authorization/session-token.ts'
import type { BreachedPasswords } from './breached-passwords/breached-passwords.ts'
import type { IdentityPoolCache } from './cognito-identity/identity-pools/pool-cache.ts'
import type { RequestRates } from './cognito-idp/request-rates/request-rates.ts'
import type { GuessQueue } from './cognito-idp/sign-in/guess-queue.ts'
import type { UnservedNotices } from './cognito-idp/user-pools/unserved-notices.ts'
import type { UserPoolCache } from './cognito-idp/user-pools/user-pool-cache.ts'
import type { UserCounts } from './cognito-idp/users/user-counts.ts'
import type { SyncPools } from './cognito-sync/configuration/sync-pools.ts'
import type { EventStreams } from './cognito-sync/live/event-streams.ts'
import type { Pokes } from './cognito-sync/live/pokes.ts'
import type { Config } from './config/config.ts'
import type { Secrets } from './config/secrets.ts'
import type { Sealer } from './crypto/seal.ts'
import type { WorkPool } from './crypto/work-pool.ts'
import type { Database } from './database/database.ts'
import type { DatabaseHealth } from './database/database-health.ts'
import type { UsageCounts } from './datasets/usage-counts.ts'
import type { Effects } from './effects/effects.ts'
import type { ProviderKeys } from './federation/oidc/provider-keys.ts'
import type { IamDirectory } from './iam/directory.ts'
import type { LastUsed } from './iam/last-used.ts'
import type { Worker } from './jobs/worker.ts'
import type { Outbox } from './messages/outbox.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Pusher } from './push/ways.ts'
import type { KeyPreparation } from './signing/key-preparation.ts'
import type { KeyRing } from './signing/signing-keys.ts'
import type { VerifiedSignatures } from './signing/verified-signatures.ts'
import type { Sinks } from './sinks/sinks.ts'
import type { Streams } from './streams/streams.ts'

/**
 * Runs work that waits for others, such as a Lambda trigger, and settles as it does. A call that holds a slot for costly
 * work (api/costly-calls.ts) leaves it to another call meanwhile.
 */
export type Aside = <T>(work: () => Promise<T>) => Promise<T>

export interface Context extends Effects {
  readonly config: Config
  /** PUBLIC_URL, or the address listened on; without a trailing slash. */
  readonly publicUrl: string
  /** The access key of the account's root. */
  readonly administrator: Secrets['administrator']
  readonly database: Database
  /** The same as `database.db`. */
  readonly db: Database['db']
  /** Whether the database serves, judged by the outcomes of its work. */
  readonly databaseHealth: DatabaseHealth
  readonly sealer: Sealer
  readonly work: WorkPool
  readonly userPools: UserPoolCache
  readonly userCounts: UserCounts
  readonly unservedNotices: UnservedNotices
  readonly guessQueue: GuessQueue
  readonly requestRates: RequestRates
  readonly identityPools: IdentityPoolCache
  /** Use of the datasets of identity pools. */
  readonly datasetUsage: UsageCounts
  /** Tells who listens that a dataset of Cognito Sync has changed. */
  readonly pokes: Pokes
  /** The open event streams of this process. */
  readonly eventStreams: EventStreams
  readonly iam: IamDirectory
  readonly lastUsed: LastUsed
  readonly sessionTokens: SessionTokens
  readonly keys: KeyRing
  readonly keyPreparation: KeyPreparation
  readonly signatures: VerifiedSignatures
  /** A cache of the public keys of external OpenID Connect providers. */
  readonly providerKeys: ProviderKeys
  readonly breachedPasswords: BreachedPasswords
  /** What the operator's files tell of addresses. */
  readonly addresses: KnownAddresses
  readonly failingAddresses: FailingAddresses
  readonly outbox: Outbox
  /** What is set for Cognito Sync by identity pool. */
  readonly syncPools: SyncPools
  /** Pushes to devices. */
  readonly pusher: Pusher
  /** Where the records of streams go. */
  readonly streams: Streams
  /** Where log records and analytics events go; in a request they are held until it is answered. */
  readonly sinks: Sinks
  /** The id of the request, which its line of the log and its answer have; undefined outside of requests. */
  readonly requestId: string | undefined
  /** Has this process look for due jobs of a queue now, after they were committed; and the names of its queues. */
  readonly jobs: Pick<Worker, 'wake' | 'queues'>
  readonly aside: Aside
  readonly log: Logger
  /** What is counted for /metrics. */
  readonly metrics: Metrics
}
