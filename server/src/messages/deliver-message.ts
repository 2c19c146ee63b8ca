// One attempt at one claimed message, and what becomes of it: removed, or postponed. Nothing of its content and
// destination is logged (docs/reference/threats.md 54).
import type { Logger } from 'pino'
import type { Sealer } from '../crypto/seal.ts'
import type { Database } from '../database/database.ts'
import { DeliveryFailed, type Effects } from '../effects/effects.ts'
import { type DeliveryQueue, type MessageRow, postponeMessage, removeMessage, renewLease } from './message-store.ts'
import type { OutgoingMessage } from './outbox.ts'
import { ATTEMPT_LIMIT_MS, isOutOfDate, LEASE_MS, nextAttemptAt, RENEW_EVERY_MS } from './retry-rules.ts'
import { openMessage } from './sealed-message.ts'

export interface DeliveryParts {
  database: Database
  sealer: Sealer
  effects: Effects
  log: Logger
}

export type Send = (id: string, message: OutgoingMessage) => Promise<void>

export interface Attempt extends DeliveryParts {
  queue: DeliveryQueue
  send: Send
  /** Ends the attempt without a word about its outcome: the lease runs out, and the message is sent again. */
  abandoned: AbortSignal
  /** Shorter ones are for tests. */
  attemptLimitMs?: number
  renewEveryMs?: number
}

/** Sends a message that was claimed with `lease`. Rejects only when the database does, or when it is abandoned. */
export async function deliverMessage(attempt: Attempt, row: MessageRow, lease: string): Promise<void> {
  const { sealer, effects } = attempt
  const message = openMessage(sealer, row)
  const attempted = { createdAt: row.created_at, attempts: row.attempts, usefulForMs: message?.usefulForMs }
  if (isOutOfDate(attempted, effects.clock.now())) return giveUp(attempt, row, lease, 'it is out of date')
  const failure = message
    ? await failureOf(attempt, row, lease, message)
    : new DeliveryFailed('the master key does not open it')
  if (!failure) {
    await removeMessage(attempt.database.db, row.id, lease)
    attempt.log.info(lineOf(attempt, row), 'message delivered')
    return
  }
  const { reason, permanent } = failure
  const retryAt = permanent ? undefined : nextAttemptAt(attempted, effects.clock.now(), chance(effects))
  if (retryAt === undefined) return giveUp(attempt, row, lease, reason)
  await postponeMessage(attempt.database.db, row.id, lease, retryAt)
  const again = { reason, retryAt: new Date(retryAt).toISOString() }
  attempt.log.warn({ ...lineOf(attempt, row), ...again }, 'message not delivered yet')
}

async function giveUp(attempt: Attempt, row: MessageRow, lease: string, reason: string): Promise<void> {
  await removeMessage(attempt.database.db, row.id, lease)
  attempt.log.error({ ...lineOf(attempt, row), reason }, 'message given up')
}

const lineOf = ({ queue }: Attempt, row: MessageRow) => ({
  messageId: row.id,
  userPoolId: row.user_pool_id,
  medium: queue,
  attempts: row.attempts,
})

/** Sends, and keeps the lease meanwhile; answers what went wrong, if anything did. */
async function failureOf(
  attempt: Attempt,
  row: MessageRow,
  lease: string,
  message: OutgoingMessage,
): Promise<DeliveryFailed | undefined> {
  const {
    database,
    effects,
    log,
    send,
    abandoned,
    attemptLimitMs = ATTEMPT_LIMIT_MS,
    renewEveryMs = RENEW_EVERY_MS,
  } = attempt
  const renewing = setInterval(() => {
    renewLease(database.db, row.id, lease, effects.clock.now() + LEASE_MS).catch((err) =>
      log.warn({ err, ...lineOf(attempt, row) }, 'the lease of a message was not renewed'),
    )
  }, renewEveryMs)
  let limit: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    limit = setTimeout(() => reject(new DeliveryFailed('the sender did not answer')), attemptLimitMs)
  })
  let leave = (): void => {}
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(new Abandoned())
    abandoned.addEventListener('abort', leave)
  })
  try {
    await Promise.race([send(row.id, message), tooLong, left])
    return undefined
  } catch (error) {
    // A sender that fails as it is closed says nothing about the message either.
    if (abandoned.aborted) throw error instanceof Abandoned ? error : new Abandoned()
    return error instanceof DeliveryFailed ? error : new DeliveryFailed(errorCode(error))
  } finally {
    clearInterval(renewing)
    clearTimeout(limit)
    abandoned.removeEventListener('abort', leave)
  }
}

/** The process ends before the sender has answered. */
export class Abandoned extends Error {}

const chance = ({ random }: Pick<Effects, 'random'>): number => random.bytes(4).readUInt32BE() / 2 ** 32

/** A word for the log. Texts of errors may hold addresses and contents, so only codes and names are taken. */
function errorCode(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown }
  const word = [code, name].find((value) => typeof value === 'string' && /^\w{1,40}$/.test(value))
  return (word as string | undefined) ?? 'the sender failed'
}
