// Removes the identities of deleted pools, their logins, datasets and devices in steps: a pool may have millions.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import { deleteDevicesOf } from '../../datasets/device-store.ts'
import { datasetsOfPool } from '../../datasets/remove-datasets.ts'
import { deleteSyncPool } from '../../datasets/sync-pool-store.ts'
import { deleteUsage } from '../../datasets/usage-store.ts'
import type { Queue } from '../../jobs/queue.ts'
import { removalQueue } from '../../jobs/removal.ts'
import { deleteIdentities, listIdentities } from './identity-store.ts'
import { IDENTITY_POOL_REMOVAL } from './removal-rules.ts'

const IDENTITIES_AT_ONCE = 200

/** The queue of deleted identity pools (docs/decisions/jobs.md). */
export const identityPoolRemovals = (context: Pick<Context, 'database' | 'clock'>): Queue =>
  removalQueue(context, {
    name: IDENTITY_POOL_REMOVAL,
    ranges: (poolId) => [
      datasetsOfPool(poolId, context.clock),
      {
        async next(db, after) {
          const position = after as readonly [number, string] | undefined
          const identities = await listIdentities(db, poolId, {
            hideDisabled: false,
            after: position && { disabled: position[0] === 1, id: position[1] },
            limit: IDENTITIES_AT_ONCE,
          })
          const last = identities.at(-1)
          if (!last) return undefined
          const remove = async (within: Db): Promise<void> => {
            await deleteIdentities(within, poolId, identities)
            await deleteDevicesOf(
              within,
              identities.map(({ id }) => id),
            )
          }
          return { last: [last.disabled ? 1 : 0, last.id], remove }
        },
      },
    ],
    async rest(poolId) {
      await deleteUsage(context.database.db, poolId)
      await deleteSyncPool(context.database.db, poolId)
    },
  })
