// Removes the member rows of deleted groups: a group may have millions of members. Nothing reads those rows any more, as
// they name a group id that no group has.
import type { Context } from '../../context.ts'
import type { Queue } from '../../jobs/queue.ts'
import { removalQueue } from '../../jobs/removal.ts'
import { GROUP_REMOVAL } from './removal-rules.ts'
import { findMembersAfter, removeMembers } from './removal-store.ts'

const MEMBERS_AT_ONCE = 500

/** The queue of deleted groups (docs/decisions/jobs.md). */
export const groupRemovals = (context: Pick<Context, 'database' | 'clock'>): Queue =>
  removalQueue(context, {
    name: GROUP_REMOVAL,
    ranges: (groupId) => [
      {
        async next(db, after) {
          const subs = await findMembersAfter(db, groupId, (after as string | undefined) ?? '', MEMBERS_AT_ONCE)
          const last = subs.at(-1)
          return last === undefined ? undefined : { last, remove: (within) => removeMembers(within, groupId, subs) }
        },
      },
    ],
  })
