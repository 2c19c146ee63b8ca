// The outbox: messages are written to the database in the transaction that causes them (transactional outbox) and
// delivered from there (delivery-queues.ts). Without a sender, which only development allows, they are captured: kept
// for people and tests to read (outbox-page.tsx, and the handle of a server started in-process).
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { BudgetSpent } from '../budgets/budgets.ts'
import { createReservations } from '../budgets/reservations.ts'
import type { Config } from '../config/config.ts'
import type { Context } from '../context.ts'
import type { Sealer } from '../crypto/seal.ts'
import type { Database, Db } from '../database/database.ts'
import type { Effects } from '../effects/effects.ts'
import { insertJob, type Job, type NewJob } from '../jobs/job-store.ts'
import type { Worker } from '../jobs/worker.ts'
import { isSent, requireCountry, requireDelivery } from './can-deliver.ts'
import {
  CAPTURED,
  findCapturedMessage,
  findCapturedMessages,
  removeOldCaptured,
  removeOverdue,
} from './captured-store.ts'
import { limits } from './limits.ts'
import { tellsOfUser } from './message-budget-rules.ts'
import { type Asker, type MessageBudgetParts, takeMessageBudgets } from './message-budgets.ts'
import { messageProblem } from './message-rules.ts'
import { openMessage, sealMessage } from './sealed-message.ts'

export interface OutgoingMessage {
  userPoolId: string
  /** The user's sub: the row is stored in the same shard as the user's other rows. */
  userSub: string
  medium: 'EMAIL' | 'SMS'
  to: string
  /** E-mail only. */
  subject?: string
  /** HTML for e-mail, text for SMS. */
  body: string
  /** E-mail only, when the pool configures them. */
  from?: string
  replyTo?: string
  /** The function that sends it in place of this server, with its event (JSON): `body` is empty then. */
  sender?: { arn: string; event: string }
  /** The code or temporary password in the body, for tests that read captured messages. */
  code?: string
  /** How long the message is worth delivering, such as until its code expires; a day when absent. */
  usefulForMs?: number
}

/** Why a message is sent, as far as its budgets ask (message-budgets.ts). */
export interface MessageCause {
  asker: Asker
  /** Whether the user has proven to own the destination; see CountedMessage. */
  proven: boolean
}

/** A sealed message as a job: the row that `enqueue` inserts. */
export type PreparedMessage = NewJob

export interface CapturedMessage extends Omit<OutgoingMessage, 'usefulForMs' | 'userSub' | 'sender' | 'medium'> {
  /** PUSH: to a device of an identity; `userPoolId` is the identity pool, `to` the device's id, `body` JSON. */
  medium: OutgoingMessage['medium'] | 'PUSH'
  id: string
  /** Epoch milliseconds. */
  createdAt: number
}

export interface Outbox {
  /**
   * Counts a message against its budgets and seals it for its queue; call it before the transaction that writes the
   * message. Rejects with CodeDeliveryFailureException when its medium cannot be delivered or SMS does not go to its
   * country, with BudgetSpent, and with an Error when it does not have exactly one destination.
   */
  prepare(message: OutgoingMessage, cause: MessageCause): Promise<PreparedMessage>
  /**
   * Counts a message that is only simulated, for a user who does not exist or is not told of: against the same budgets,
   * but for `nobody` as the destination. Rejects with BudgetSpent, unless the budget is one whose refusal is hidden for
   * users, too (`tellsOfUser`).
   */
  simulate(
    message: Pick<OutgoingMessage, 'medium' | 'userPoolId'> & { nobody: string },
    cause: MessageCause,
  ): Promise<void>
  /** Queues a prepared message in the caller's transaction: one insert. */
  enqueue(db: Db, message: PreparedMessage): Promise<void>
  /** Captures a push to a device of an identity (`owner`), in development, where nothing pushes to its application. */
  capturePush(push: { poolId: string; owner: string; to: string; body: string }): Promise<void>
  /** Starts delivery at once instead of at the next poll. Call it after messages were committed. */
  wake(): void
  /** Captured messages, newest first, all or those to one destination. Empty where delivery is configured. */
  captured(limit: number, to?: string): Promise<CapturedMessage[]>
  /** A captured message by id. */
  capturedById(id: string): Promise<CapturedMessage | undefined>
  /**
   * Removes captured messages that are too many or too old, and messages that stayed undelivered for days
   * (limits.keptFor).
   */
  prune(): Promise<void>
}

export interface OutboxParts {
  config: Pick<Config, 'production' | 'mailFrom' | 'smsCountries'> & MessageBudgetParts['config']
  database: Database
  sealer: Sealer
  effects: Effects
  log: Logger
  metrics: Context['metrics']
  /** The worker that delivers messages (delivery-queues.ts). */
  worker: Pick<Worker, 'wake'>
}

const PAGE = 100

/** The queue of messages that functions of user pools send. */
export const SENDER = 'SENDER'

/** The delivery queues, most named after the medium; the worker runs those whose medium has a sender. */
const DELIVERED = ['EMAIL', 'SMS', SENDER] as const

/** Creates the outbox of a process. */
export function createOutbox(parts: OutboxParts): Outbox {
  const { config, database, sealer, effects, log, metrics, worker } = parts
  let lastDueAt = 0
  // A unique `due_at` for each captured message of this process, so that "newest first" is exact within a millisecond.
  const uniqueDueAt = (now: number): number => {
    lastDueAt = Math.max(now, lastDueAt + 1)
    return lastDueAt
  }
  const open = (row: Job): CapturedMessage[] => {
    const message = openMessage(sealer, row)
    if (!message) return []
    const { usefulForMs: _, userSub: _sub, sender: _sender, ...shown } = message
    return [{ ...shown, id: row.id, createdAt: row.created_at }]
  }
  const reservations = createReservations(database, effects.clock)
  const budgets = { config, database, sealer, log, metrics, clock: effects.clock, reservations }
  return {
    async prepare(message, { asker, proven }) {
      const { medium, userPoolId, to } = message
      if (!message.sender) requireDelivery({ config, ...effects }, medium)
      const problem = messageProblem(message)
      if (problem !== undefined) throw new Error(`A message for user pool ${userPoolId} was refused: ${problem}.`)
      requireCountry({ config }, medium, to)
      await takeMessageBudgets(budgets, { medium, userPoolId, destination: { to }, proven }, asker)
      const id = randomUUID()
      const now = effects.clock.now()
      const sent = message.sender !== undefined || isSent(effects, medium)
      return {
        owner: message.userSub,
        id,
        queue: message.sender ? SENDER : sent ? medium : CAPTURED,
        payload: sealMessage(sealer, id, message),
        created_at: now,
        due_at: sent ? now : uniqueDueAt(now),
      }
    },
    async simulate({ medium, userPoolId, nobody }, { asker, proven }) {
      try {
        await takeMessageBudgets(budgets, { medium, userPoolId, destination: { nobody }, proven }, asker)
      } catch (error) {
        if (!(error instanceof BudgetSpent && tellsOfUser(error.kind))) throw error
      }
    },
    enqueue: insertJob,
    async capturePush({ poolId, owner, to, body }) {
      const id = randomUUID()
      const now = effects.clock.now()
      await insertJob(database.db, {
        owner,
        id,
        queue: CAPTURED,
        payload: sealMessage(sealer, id, { medium: 'PUSH', userPoolId: poolId, to, body }),
        created_at: now,
        due_at: uniqueDueAt(now),
      })
    },
    wake: () => worker.wake(...DELIVERED),
    async captured(limit, to) {
      const found: CapturedMessage[] = []
      for (let last: Job | undefined; ; ) {
        const rows = await findCapturedMessages(database.db, last, PAGE)
        const messages = rows.flatMap(open).filter((message) => to === undefined || message.to === to)
        found.push(...messages.slice(0, limit - found.length))
        last = rows.at(-1)
        if (rows.length < PAGE || found.length >= limit) return found
      }
    },
    async capturedById(id) {
      const row = await findCapturedMessage(database.db, id)
      return row && open(row)[0]
    },
    async prune() {
      const before = effects.clock.now() - limits.keptFor.max
      await removeOldCaptured(database.db, limits.captured.max)
      await removeOverdue(database.db, CAPTURED, before)
      for (const queue of DELIVERED) {
        const dropped = await removeOverdue(database.db, queue, before)
        if (dropped > 0) log.error({ medium: queue, dropped }, 'messages dropped that nothing has delivered for days')
      }
    },
  }
}
