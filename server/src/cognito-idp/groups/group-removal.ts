// Removes the member rows of deleted groups, in small steps: a group may have millions of members. Nothing reads those
// rows any more, as they name a group id that no group has. Any process may do it, twice is harmless.
import { setTimeout } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import { deleteSomeMembers, findGroupRemovals, finishGroupRemoval } from './group-store.ts'

const MEMBERS_AT_ONCE = 500
const PAUSE_MS = 5

/** Longer than any transaction that found the group still there and adds a member to it. */
const GRACE_MS = 60_000

/** Empties the groups that were deleted a while ago. `stopped` ends it between two steps; the next run goes on. */
export async function removeDeletedGroups(context: Context, stopped: () => boolean): Promise<void> {
  for (const removal of await findGroupRemovals(context.db, 100)) {
    if (removal.requestedAt > context.clock.now() - GRACE_MS) continue
    while (!stopped() && (await deleteSomeMembers(context.db, removal, MEMBERS_AT_ONCE))) await setTimeout(PAUSE_MS)
    if (stopped()) return
    await finishGroupRemoval(context.db, removal.groupId)
  }
}
