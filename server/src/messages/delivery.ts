// Delivery: takes messages out of the database and hands them to the senders. What becomes of one message is decided in
// deliver-message.ts.
//
// Any process may deliver any message. A claim writes a fresh lease and moves `due_at` to its end, if the row is still as
// it was read: of rivals one wins, and the row leaves the range that others look at. Only the lease that was written may
// remove or postpone the message. A process that dies leaves a lease that runs out, and another sends the message: at
// least once after a crash, once otherwise. Each medium has slots of its own, so that a slow one does not hold up the other.
import { randomInt, randomUUID } from 'node:crypto'
import type { Config } from '../config/config.ts'
import type { Email } from '../effects/effects.ts'
import { Abandoned, type DeliveryParts, deliverMessage, type Send } from './deliver-message.ts'
import {
  claimMessage,
  type DeliveryQueue,
  findDueMessages,
  type MessageRow,
  releaseAllMessages,
} from './message-store.ts'
import type { OutgoingMessage } from './outbox.ts'
import { LEASE_MS, STOP_LIMIT_MS } from './retry-rules.ts'

export interface Delivery {
  /** Looks for messages now. */
  wake(): void
  /** Claims no more, and waits for what is in flight, at most STOP_LIMIT_MS. */
  close(): Promise<void>
}

/** Messages of one medium that one process sends at once. */
export const SLOTS = 8

/** How often a process looks for messages that others queued, or that are due again. */
const POLL_MS = 3_000

/** Starts delivery by every sender that there is. */
export function startDelivery(parts: DeliveryParts & { config: Pick<Config, 'mailFrom'> }): Delivery {
  const { sendEmail, sendSms } = parts.effects
  const lanes: Lane[] = []
  if (sendEmail) lanes.push(new Lane(parts, 'EMAIL', (id, message) => sendEmail(emailOf(parts.config, id, message))))
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

const emailOf = (
  config: Pick<Config, 'mailFrom'>,
  id: string,
  { from, replyTo, to, subject, body }: OutgoingMessage,
): Email => ({
  id,
  from: from ?? config.mailFrom,
  ...(replyTo === undefined ? {} : { replyTo }),
  to,
  subject: subject ?? '',
  html: body,
})

/** The deliveries of one medium. */
class Lane {
  readonly #parts: DeliveryParts
  readonly #queue: DeliveryQueue
  readonly #send: Send
  readonly #inFlight = new Set<Promise<void>>()
  #filling: Promise<void> = Promise.resolve()
  #busy = false
  #again = false
  /** Leases in a database of our own are left over from a process that is gone. */
  #leasesAreStale: boolean
  #stopped = false
  readonly #abandoned = new AbortController()

  constructor(parts: DeliveryParts, queue: DeliveryQueue, send: Send) {
    this.#parts = parts
    this.#queue = queue
    this.#send = send
    this.#leasesAreStale = parts.database.exclusive
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
    const limit = setTimeout(() => this.#abandoned.abort(), STOP_LIMIT_MS)
    await Promise.all(this.#inFlight)
    clearTimeout(limit)
  }

  async #claimAll(): Promise<void> {
    const { database, effects, log } = this.#parts
    try {
      if (this.#leasesAreStale) await releaseAllMessages(database.db, this.#queue, effects.clock.now())
      this.#leasesAreStale = false
      while (this.#again && !this.#stopped) {
        this.#again = false
        await this.#claimSome()
      }
    } catch (err) {
      log.error({ err, medium: this.#queue }, 'messages could not be read for delivery')
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
    const attempt = { ...this.#parts, queue: this.#queue, send: this.#send, abandoned: this.#abandoned.signal }
    const delivery = deliverMessage(attempt, row, lease)
      .catch((err) => {
        if (err instanceof Abandoned) {
          this.#parts.log.warn({ messageId: row.id, medium: this.#queue }, 'delivery left to its lease')
          return
        }
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
}
