// Tickets for event streams: sealed and stateless. EventSource cannot sign a request, so a signed call gets a ticket, which
// opens streams of one identity for a short time (docs/behaviour/sync-streams.md).
import type { Context } from '../../context.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { limits } from '../limits.ts'

/** An identity whose datasets a stream tells of. */
export interface StreamedIdentity {
  readonly poolId: string
  readonly id: string
}

export interface Ticket {
  /** When it opens no more streams; epoch milliseconds, as the next one. */
  readonly opensUntil: number
  /** When its streams end. */
  readonly streamsUntil: number
}

const PURPOSE = 'stream ticket'
/** Longer than any ticket. */
const MAX_LENGTH = 512

const boundTo = ({ poolId, id }: StreamedIdentity): string => `${poolId} ${id}`

/** A new ticket; its streams end with the credentials that asked for it, or after an hour. */
export function newTicket(
  { sealer, clock }: Pick<Context, 'sealer' | 'clock'>,
  identity: StreamedIdentity,
  credentialsExpireAt = Number.POSITIVE_INFINITY,
): Ticket & { text: string } {
  const now = clock.now()
  const streamsUntil = Math.min(credentialsExpireAt, now + limits.stream.max)
  const ticket: Ticket = { opensUntil: Math.min(streamsUntil, now + limits.streamTicket.max), streamsUntil }
  return { ...ticket, text: sealer.sealJson(PURPOSE, ticket, boundTo(identity)) }
}

/** The ticket in a text; undefined for one of another identity, one that is over, and any other text. */
export function openTicket(
  { sealer, clock }: Pick<Context, 'sealer' | 'clock'>,
  identity: StreamedIdentity,
  text: string,
): Ticket | undefined {
  if (text.length > MAX_LENGTH) return undefined
  const ticket = sealer.openJson(PURPOSE, text, boundTo(identity)) as Ticket | undefined
  const now = clock.now()
  return ticket && isAlive(ticket.opensUntil, limits.streamTicket.max, now) ? ticket : undefined
}
