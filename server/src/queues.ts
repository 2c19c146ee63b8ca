// The table of job queues that a process runs (docs/decisions/jobs.md).
import { guestRemovals } from './cognito-identity/identities/guest-removal.ts'
import { identityPoolRemovals } from './cognito-identity/identities/pool-removal.ts'
import { groupRemovals } from './cognito-idp/groups/group-removal.ts'
import { deliverNotificationError } from './cognito-idp/log-delivery/deliver-notification-error.ts'
import { userImportExpiries } from './cognito-idp/user-import/import-expiry.ts'
import { userImports } from './cognito-idp/user-import/run-import.ts'
import { unusedClientRemovals } from './cognito-idp/user-pool-clients/unused-client-removal.ts'
import { userPoolRemovals } from './cognito-idp/user-pools/pool-removal.ts'
import { unconfirmedRemovals } from './cognito-idp/users/unconfirmed-removal.ts'
import { pushQueue } from './cognito-sync/push/push-queue.ts'
import { bulkQueue } from './cognito-sync/streams/bulk-queue.ts'
import { streamQueue } from './cognito-sync/streams/stream-queue.ts'
import type { Context } from './context.ts'
import { nextPurgeHorizon, purges } from './database/purge.ts'
import { datasetRemovals } from './datasets/remove-datasets.ts'
import type { Queue } from './jobs/queue.ts'
import { sweep } from './jobs/sweep.ts'
import { deliveryQueues } from './messages/delivery-queues.ts'
import { type Admitted, logoutNoticeQueue } from './oauth/backchannel/logout-notices.ts'

const MINUTE_MS = 60_000
const ROWS_AT_ONCE = 500

/** All queues of a server. `costlyCalls` admits work that signs. */
export const queuesOf = (context: Context, costlyCalls: Admitted): readonly Queue[] => [
  ...deliveryQueues({ ...context, effects: context, undelivered: deliverNotificationError(context) }),
  userPoolRemovals(context),
  identityPoolRemovals(context),
  datasetRemovals(context),
  groupRemovals(context),
  unconfirmedRemovals(context),
  guestRemovals(context),
  pushQueue(context),
  streamQueue(context),
  bulkQueue(context),
  unusedClientRemovals(context),
  logoutNoticeQueue(context, costlyCalls),
  userImports(context),
  userImportExpiries(context),
  purging(context),
  outboxPruning(context),
]

/** Removes rows that expired a while ago, every minute. */
export const purging = ({ database, clock }: Pick<Context, 'database' | 'clock'>): Queue => ({
  name: 'purge',
  slots: 1,
  standing: 'purge',
  async run(job, lease) {
    const before = await nextPurgeHorizon(database.db, clock.now())
    const ranges = purges.map((purge) => ({
      async next(db: Parameters<typeof purge.find>[0], after: unknown) {
        const found = await purge.find(db, before, (after as number | undefined) ?? 0, ROWS_AT_ONCE)
        return found && { last: found.last, remove: (within: typeof db) => purge.remove(within, before, found.keys) }
      },
    }))
    const outcome = await sweep(database, job, lease, ranges)
    return outcome === 'stopped' ? lease.repeat(clock.now()) : lease.repeat(clock.now() + MINUTE_MS, '')
  },
})

const outboxPruning = ({ outbox, clock }: Pick<Context, 'outbox' | 'clock'>): Queue => ({
  name: 'outbox-pruning',
  slots: 1,
  standing: 'outbox-pruning',
  async run(_job, lease) {
    await outbox.prune()
    return lease.repeat(clock.now() + MINUTE_MS)
  },
})
