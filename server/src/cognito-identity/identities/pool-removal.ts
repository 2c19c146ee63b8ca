// Removes the identities of deleted pools with their logins, in small steps: a pool may have millions. Any process may do
// it, and twice is harmless.
import { setTimeout } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import { deleteIdentitiesAfter, findPoolRemovals, finishPoolRemoval, type IdentityPlace } from './identity-store.ts'

const IDENTITIES_AT_ONCE = 200
const PAUSE_MS = 5
/**
 * A request that began before the deletion, or in another process that still has the pool in its cache, may yet write
 * identities. Removal begins when none of those can be running any more.
 */
export const REMOVAL_DELAY_MS = 10_000

/** Empties every deleted pool. `stopped` ends it between two steps; the rest is done after the next start. */
export async function removeDeletedIdentityPools(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  stopped: () => boolean,
): Promise<void> {
  for (const poolId of await findPoolRemovals(db, clock.now() - REMOVAL_DELAY_MS, 10)) {
    let after: IdentityPlace | undefined
    do {
      if (stopped()) return
      after = await deleteIdentitiesAfter(db, poolId, after, IDENTITIES_AT_ONCE)
      await setTimeout(PAUSE_MS)
    } while (after)
    await finishPoolRemoval(db, poolId)
  }
}
