// One attempt to deliver a claimed message: it is removed when delivered or given up, and postponed for a retry
// otherwise. Neither its content nor its destination is logged (docs/reference/threats.md 54). Not here: the retry
// rules (retry-rules.ts) and the senders (effects/).
import type { Logger } from 'pino'
import type { Context } from '../context.ts'
import type { Sealer } from '../crypto/seal.ts'
import { DeliveryFailed, type Effects } from '../effects/effects.ts'
import type { Job } from '../jobs/job-store.ts'
import type { Lease, Settled } from '../jobs/queue.ts'
import { limits } from './limits.ts'
import type { OutgoingMessage } from './outbox.ts'
import { isOutOfDate, nextAttemptAt } from './retry-rules.ts'
import { openMessage } from './sealed-message.ts'

/** `attempts`: how often it was tried, this time included. */
export type Send = (id: string, message: OutgoingMessage, attempts: number) => Promise<void>

/** What became of a message that a try did not deliver; no `retryAt` (epoch milliseconds): it was given up. */
export interface Failure {
  readonly id: string
  /** This one included. */
  readonly attempts: number
  /** Quotes nothing of the message. */
  readonly reason: string
  readonly retryAt?: number
}

/** Is told that a message was not delivered by its first try, and that it was given up. */
export type Undelivered = (message: OutgoingMessage, failure: Failure) => Promise<void>

export interface DeliveryParts extends Pick<Context, 'metrics'> {
  sealer: Sealer
  effects: Effects
  log: Logger
  send: Send
  undelivered: Undelivered
  /** Set by tests only. */
  attemptLimitMs?: number
}

/** Tries to send a claimed message. Rejects only when the database fails. */
export async function deliverMessage(parts: DeliveryParts, job: Job, lease: Lease): Promise<Settled> {
  const { sealer, effects, log, metrics, undelivered } = parts
  const message = openMessage(sealer, job)
  const line = { messageId: job.id, userPoolId: message?.userPoolId, medium: job.queue, attempts: job.attempts }
  const attempted = { createdAt: job.created_at, attempts: job.attempts, usefulForMs: message?.usefulForMs }
  const giveUp = async (reason: string): Promise<Settled> => {
    const settled = await lease.finish()
    metrics.message(job.queue, 'given-up')
    log.error({ ...line, reason }, 'message given up')
    if (message && settled === 'settled') await undelivered(message, { id: job.id, attempts: job.attempts, reason })
    return settled
  }
  if (isOutOfDate(attempted, effects.clock.now())) return giveUp('it is out of date')
  const failure = message ? await failureOf(parts, job, message) : new DeliveryFailed('the master key does not open it')
  if (!failure) {
    const settled = await lease.finish()
    metrics.message(job.queue, 'delivered')
    log.info(line, 'message delivered')
    return settled
  }
  const { reason, permanent } = failure
  const retryAt = permanent ? undefined : nextAttemptAt(attempted, effects.clock.now(), randomFraction(effects))
  if (retryAt === undefined) return giveUp(reason)
  const settled = await lease.postpone(retryAt)
  // No line when the lease is lost: at a stop the senders are closed, and their failure is not the message's.
  if (settled === 'settled') {
    metrics.message(job.queue, 'delayed')
    log.warn({ ...line, reason, retryAt: new Date(retryAt).toISOString() }, 'message not delivered yet')
    if (message && job.attempts === 1) await undelivered(message, { id: job.id, attempts: 1, reason, retryAt })
  }
  return settled
}

/** Sends a message; resolves with the failure, or undefined when it was sent. */
async function failureOf(
  { send, attemptLimitMs = limits.attempt.max }: DeliveryParts,
  { id, attempts }: Job,
  message: OutgoingMessage,
): Promise<DeliveryFailed | undefined> {
  let limit: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    limit = setTimeout(() => reject(new DeliveryFailed('the sender did not answer')), attemptLimitMs)
  })
  try {
    await Promise.race([send(id, message, attempts), tooLong])
    return undefined
  } catch (error) {
    return error instanceof DeliveryFailed ? error : new DeliveryFailed(errorCode(error))
  } finally {
    clearTimeout(limit)
  }
}

const randomFraction = ({ random }: Pick<Effects, 'random'>): number => random.bytes(4).readUInt32BE() / 2 ** 32

/** A word for the log: only the code or name of an error, as its text may contain addresses and contents. */
function errorCode(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown }
  const word = [code, name].find((value) => typeof value === 'string' && /^\w{1,40}$/.test(value))
  return (word as string | undefined) ?? 'the sender failed'
}
