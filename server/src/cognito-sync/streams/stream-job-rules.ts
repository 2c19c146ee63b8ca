// The jobs that bring changes to a stream. Pure. Their ids are in the order of a dataset's changes, so that a job finds those
// before and after its own.
import type { NewJob } from '../../jobs/job-store.ts'
import { type StreamChange, streamBodies } from './stream-record-rules.ts'

export const SYNC_STREAM = 'sync-stream'

const PREFIX = 'stream/'

/** `stream/<dataset>/<count>/<part>`: neither the name of a dataset nor a number has a slash. */
export const streamJobs = (change: StreamChange, maxBytes: number, now: number): NewJob[] =>
  streamBodies(change, maxBytes).map((body, part) => ({
    owner: change.identityId,
    id: `${PREFIX}${change.datasetName}/${String(change.syncCount).padStart(16, '0')}/${String(part).padStart(4, '0')}`,
    queue: SYNC_STREAM,
    payload: `${change.identityPoolId} ${body}`,
    created_at: now,
    due_at: now,
  }))

/** What the ids of all jobs of a job's dataset begin with. */
export const datasetPrefix = (id: string): string => id.slice(0, id.indexOf('/', PREFIX.length) + 1)

/** The pool and the body of a record; undefined for one that was brought to the stream already. */
export function payloadParts(payload: string): { poolId: string; body: string } | undefined {
  const space = payload.indexOf(' ')
  return space < 0 ? undefined : { poolId: payload.slice(0, space), body: payload.slice(space + 1) }
}
