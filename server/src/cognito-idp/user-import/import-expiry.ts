// Expires import jobs that nobody has started, and removes what was uploaded for them.
import type { Context } from '../../context.ts'
import type { Queue } from '../../jobs/queue.ts'
import { removeParts } from './file-store.ts'
import { expiryOf, nextCheck, USER_IMPORT_EXPIRY } from './import-jobs.ts'
import { changeImportJob, findImportJob } from './import-store.ts'
import { EXPIRED } from './outcome-rules.ts'

/** The queue of jobs that may expire. */
export const userImportExpiries = ({ db, clock }: Pick<Context, 'db' | 'clock'>): Queue => ({
  name: USER_IMPORT_EXPIRY,
  slots: 1,
  async run(job, lease) {
    const stored = await findImportJob(db, job.payload, job.owner)
    if (!stored || stored.startedAt !== undefined) return lease.finish()
    if (clock.now() < expiryOf(stored)) return lease.repeat(nextCheck(stored, clock.now()))
    const { status, message } = EXPIRED
    const changes = { status, message, completed_at: expiryOf(stored) }
    const expired = stored.status === 'Expired' || (await changeImportJob(db, stored, { status: 'Created' }, changes))
    if (!expired) return lease.finish()
    await removeParts(db, stored)
    return lease.finish()
  },
})
