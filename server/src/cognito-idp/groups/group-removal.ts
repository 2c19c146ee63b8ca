// Removes the member rows of deleted groups as a job, as a group may have millions of members. The rows have no effect
// meanwhile, as no group has the id that they refer to.
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
