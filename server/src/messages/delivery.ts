// Delivery: takes messages out of the database and hands them to the senders.
//
// Any process may deliver any message. A claim writes a fresh lease and moves `due_at` to its end, if the row is still as
// it was read: of rivals one wins, and the row leaves the range that others look at. Only the lease that was written may
// remove or postpone the message. A process that dies leaves a lease that runs out, and another sends the message: at
// least once after a crash, once otherwise. Each medium has slots of its own, so that a slow one does not hold up the other.
import { randomInt, randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import type { Sealer } from '../crypto/seal.ts'
import type { Database } from '../database/database.ts'
import { DeliveryFailed, type Effects } from '../effects/effects.ts'
import {
  claimMessage,
  type DeliveryQueue,
  findDueMessages,
  type MessageRow,
  postponeMessage,
  removeMessage,
} from './message-store.ts'
import type { OutgoingMessage } from './outbox.ts'
import { ATTEMPT_LIMIT_MS, isOutOfDate, LEASE_MS, nextAttemptAt } from './retry-rules.ts'
import { openMessage } from './sealed-message.ts'

export interface DeliveryParts {
  config: Pick<Config, 'mailFrom'>
  database: Database
  sealer: Sealer
  effects: Effects
  log: Logger
}

export interface Delivery {
  wake(): void
  /** Claims no more, and waits for what is in flight. */
  close(): Promise<void>
}

/** Messages of one medium that one process sends at once. */
export const SLOTS = 8

/** How often a process looks for messages that others queued, or that are due again. */
const POLL_MS = 3_000

/** Starts delivery by every sender that there is. */
export function startDelivery(parts: DeliveryParts): Delivery {
  const { sendEmail, sendSms } = parts.effects
  const lanes: Lane[] = []
  if (sendEmail) lanes.push(new Lane(parts, 'EMAIL', (id, message) => sendEmail(emailOf(parts, id, message))))
  if (sendSms)
    lanes.push(new Lane(parts, 'SMS', (id, { to, body, userPoolId }) => sendSms({ id, to, text: body, userPoolId })))
  let scheduled = false
  const wake = (): void => {
    if (scheduled) return
    scheduled = true
    // Not within the request that wakes: its answer goes first.
    setImmediate(() => {
      scheduled = false
      for (const lane of lanes) lane.fill()
    })
  }
  const poll = lanes.length === 0 ? undefined : setInterval(wake, POLL_MS).unref()
  wake()
  return {
    wake,
    async close() {
      clearInterval(poll)
      await Promise.all(lanes.map((lane) => lane.close()))
    },
  }
}

const emailOf = ({ config }: DeliveryParts, id: string, { from, replyTo, to, subject, body }: OutgoingMessage) => ({
  id,
  from: from ?? config.mailFrom,
  ...(replyTo === undefined ? {} : { replyTo }),
  to,
  subject: subject ?? '',
  html: body,
})

type Send = (id: string, message: OutgoingMessage) => Promise<void>

/** The deliveries of one medium. */
class Lane {
  readonly #parts: DeliveryParts
  readonly #queue: DeliveryQueue
  readonly #send: Send
  readonly #inFlight = new Set<Promise<void>>()
  #filling: Promise<void> = Promise.resolve()
  #busy = false
  #again = false
  #stopped = false

  constructor(parts: DeliveryParts, queue: DeliveryQueue, send: Send) {
    this.#parts = parts
    this.#queue = queue
    this.#send = send
  }

  /** Starts as many deliveries as there are due messages and free slots. */
  fill(): void {
    this.#again = true
    if (this.#busy) return
    this.#busy = true
    this.#filling = this.#claimAll()
  }

  async close(): Promise<void> {
    this.#stopped = true
    await this.#filling
    await Promise.all(this.#inFlight)
  }

  async #claimAll(): Promise<void> {
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false
        await this.#claimSome()
      }
    } catch (err) {
      this.#parts.log.error({ err, medium: this.#queue }, 'messages could not be read for delivery')
    } finally {
      this.#busy = false
    }
  }

  async #claimSome(): Promise<void> {
    const { database, effects } = this.#parts
    const free = SLOTS - this.#inFlight.size
    if (free === 0) {
      // The next delivery that ends comes back here.
      this.#again = false
      return
    }
    const due = await findDueMessages(database.db, this.#queue, effects.clock.now(), SLOTS)
    // Several processes read the same rows: each begins somewhere else.
    const start = due.length === 0 ? 0 : randomInt(due.length)
    for (const row of [...due.slice(start), ...due.slice(0, start)].slice(0, free)) {
      if (this.#stopped) return
      const lease = randomUUID()
      const claimed = await claimMessage(database.db, row, lease, effects.clock.now() + LEASE_MS)
      if (claimed) this.#start({ ...row, attempts: row.attempts + 1 }, lease)
    }
    if (due.length > 0) this.#again = true
  }

  #start(row: MessageRow, lease: string): void {
    const delivery = this.#deliver(row, lease)
      .catch((err) => {
        // The database failed, not the sender. The lease runs out, and the message is sent again.
        this.#parts.log.error(
          { err, messageId: row.id, medium: this.#queue },
          'the outcome of a delivery was not written',
        )
      })
      .finally(() => {
        const full = this.#inFlight.size === SLOTS
        this.#inFlight.delete(delivery)
        if (full && !this.#stopped) this.fill()
      })
    this.#inFlight.add(delivery)
  }

  async #deliver(row: MessageRow, lease: string): Promise<void> {
    const { database, sealer, effects, log } = this.#parts
    const line = { messageId: row.id, userPoolId: row.user_pool_id, medium: this.#queue, attempts: row.attempts }
    const message = openMessage(sealer, row)
    const attempted = { createdAt: row.created_at, attempts: row.attempts, usefulForMs: message?.usefulForMs }
    if (isOutOfDate(attempted, effects.clock.now())) {
      await removeMessage(database.db, row.id, lease)
      log.error({ ...line, reason: 'it is out of date' }, 'message given up')
      return
    }
    const failure = message
      ? await this.#attempt(row.id, message)
      : new DeliveryFailed('the master key does not open it')
    if (!failure) {
      await removeMessage(database.db, row.id, lease)
      log.info(line, 'message delivered')
      return
    }
    const { reason, permanent } = failure
    const retryAt = permanent ? undefined : nextAttemptAt(attempted, effects.clock.now(), chance(effects))
    if (retryAt === undefined) {
      await removeMessage(database.db, row.id, lease)
      log.error({ ...line, reason }, 'message given up')
    } else {
      await postponeMessage(database.db, row.id, lease, retryAt)
      log.warn({ ...line, reason, retryAt: new Date(retryAt).toISOString() }, 'message not delivered yet')
    }
  }

  /** Sends; answers what went wrong, if anything did. */
  async #attempt(id: string, message: OutgoingMessage): Promise<DeliveryFailed | undefined> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DeliveryFailed('the sender did not answer')), ATTEMPT_LIMIT_MS)
    })
    try {
      await Promise.race([this.#send(id, message), limit])
      return undefined
    } catch (error) {
      return error instanceof DeliveryFailed ? error : new DeliveryFailed(errorCode(error))
    } finally {
      clearTimeout(timer)
    }
  }
}

const chance = ({ random }: Pick<Effects, 'random'>): number => random.bytes(4).readUInt32BE() / 2 ** 32

/** A word for the log. Texts of errors may hold addresses and contents, so only codes and names are taken. */
function errorCode(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown }
  const word = [code, name].find((value) => typeof value === 'string' && /^\w{1,40}$/.test(value))
  return (word as string | undefined) ?? 'the sender failed'
}
