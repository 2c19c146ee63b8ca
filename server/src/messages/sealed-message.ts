// Messages contain codes and addresses, so they are stored sealed, bound to the id of their row.
import type { Sealer } from '../crypto/seal.ts'
import type { Job } from '../jobs/job-store.ts'
import type { OutgoingMessage } from './outbox.ts'

const PURPOSE = 'message'

/** A push to a device that is only kept for people to read. */
export type CapturedPush = Pick<OutgoingMessage, 'userPoolId' | 'to' | 'body'> & { medium: 'PUSH' }

export const sealMessage = (sealer: Sealer, id: string, message: OutgoingMessage | CapturedPush): string =>
  sealer.sealJson(PURPOSE, message, id)

/** The message in a job; undefined when the master key does not open it. */
export const openMessage = (sealer: Sealer, job: Pick<Job, 'id' | 'payload'>): OutgoingMessage | undefined =>
  sealer.openJson(PURPOSE, job.payload, job.id) as OutgoingMessage | undefined
