// Every statement on the table of what threat protection keeps of users. Rows expire and are purged (database/purge.ts).
import type { EventResponseType } from '../../contract/cognito-idp.types.ts'
import type { Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { insertStatement, statement } from '../../database/statement.ts'
import type { AuthEvent, Feedback } from './event-rules.ts'

/** Whose event. */
export interface EventOwner {
  readonly userPoolId: string
  readonly sub: string
}

const insertRow = insertStatement('auth_events')

/** `expiresAt`: epoch milliseconds. */
export async function insertEvent(
  db: Db,
  { userPoolId, sub }: EventOwner,
  event: AuthEvent,
  expiresAt: number,
): Promise<void> {
  await insertRow(db, {
    user_sub: sub,
    user_pool_id: userPoolId,
    event_id: event.id,
    event_type: event.type,
    response: event.response,
    challenges: JSON.stringify(event.challenges),
    details: JSON.stringify(event.details),
    feedback: null,
    created_at: event.createdAt,
    expires_at: expiresAt,
  })
}

const updateOutcome = statement(
  (db, response: string, challenges: string, sub: string, userPoolId: string, id: string) =>
    db
      .updateTable('auth_events')
      .set({ response, challenges })
      .where('user_sub', '=', sub)
      .where('user_pool_id', '=', userPoolId)
      .where('event_id', '=', id)
      .returningAll(),
)

/** How a sign-in has gone on; the event as it is now. An event that is gone is left alone. */
export async function writeOutcome(
  db: Db,
  { userPoolId, sub }: EventOwner,
  { id, response, challenges }: Pick<AuthEvent, 'id' | 'challenges'> & { response: EventResponseType },
): Promise<AuthEvent | undefined> {
  const [row] = (await updateOutcome(db, response, JSON.stringify(challenges), sub, userPoolId, id)).rows
  return row && eventFromRow(row)
}

const updateFeedback = statement((db, feedback: string, sub: string, userPoolId: string, id: string) =>
  db
    .updateTable('auth_events')
    .set({ feedback })
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('event_id', '=', id),
)

/** False when the user has no such event. Later feedback takes the place of earlier. */
export async function writeFeedback(
  db: Db,
  { userPoolId, sub }: EventOwner,
  id: string,
  feedback: Feedback,
): Promise<boolean> {
  return (await updateFeedback(db, JSON.stringify(feedback), sub, userPoolId, id)).affected === 1
}

const newest = statement((db, sub: string, userPoolId: string, before: string, limit: number) =>
  db
    .selectFrom('auth_events')
    .selectAll()
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('event_id', '<', before)
    .orderBy('event_id', 'desc')
    .limit(limit),
)

/** Greater than every id. */
const LAST = 'g'

/** A user's events with an id before `before`, newest first. */
export async function listEvents(
  db: Db,
  { userPoolId, sub }: EventOwner,
  limit: number,
  before: string = LAST,
): Promise<AuthEvent[]> {
  return (await newest(db, sub, userPoolId, before, limit)).rows.map(eventFromRow)
}

const eventFromRow = (row: Schema['auth_events']): AuthEvent => ({
  id: row.event_id,
  type: row.event_type as AuthEvent['type'],
  response: row.response as AuthEvent['response'],
  challenges: JSON.parse(row.challenges) as AuthEvent['challenges'],
  details: JSON.parse(row.details) as AuthEvent['details'],
  ...(row.feedback !== null && { feedback: JSON.parse(row.feedback) as Feedback }),
  createdAt: row.created_at,
})
