// Statements on the applications that a user has signed in to with the session of a browser, and that want to be told when it
// ends: a row for each. Others have none.
import type { Db } from '../../database/database.ts'
import { statement } from '../../database/statement.ts'

export interface SessionApp {
  readonly sub: string
  readonly userPoolId: string
  /** The session of the browser: claim `sid`. */
  readonly sessionId: string
  readonly clientId: string
  /** Epoch milliseconds: after that the application has nothing left to end. */
  readonly expiresAt: number
}

const upsert = statement(
  (db, sub: string, userPoolId: string, sessionId: string, clientId: string, expiresAt: number) =>
    db
      .insertInto('session_apps')
      .values({
        user_sub: sub,
        user_pool_id: userPoolId,
        session_id: sessionId,
        client_id: clientId,
        expires_at: expiresAt,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['user_sub', 'user_pool_id', 'session_id', 'client_id'])
          .doUpdateSet((row) => ({ expires_at: row.ref('excluded.expires_at') })),
      ),
)

export async function putSessionApp(db: Db, app: SessionApp): Promise<void> {
  await upsert(db, app.sub, app.userPoolId, app.sessionId, app.clientId, app.expiresAt)
}

const appsOfUser = statement((db, sub: string, userPoolId: string) =>
  db
    .selectFrom('session_apps')
    .select(['session_id', 'client_id', 'expires_at'])
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId),
)

/** Those of every session of a user. */
export async function sessionAppsOf(db: Db, userPoolId: string, sub: string): Promise<SessionApp[]> {
  const { rows } = await appsOfUser(db, sub, userPoolId)
  return rows.map((row) => ({
    sub,
    userPoolId,
    sessionId: row.session_id,
    clientId: row.client_id,
    expiresAt: row.expires_at,
  }))
}

const deleteRow = statement((db, sub: string, userPoolId: string, sessionId: string, clientId: string) =>
  db
    .deleteFrom('session_apps')
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('session_id', '=', sessionId)
    .where('client_id', '=', clientId),
)

/** False when another request was first. */
export const deleteSessionApp = async (
  db: Db,
  { sub, userPoolId, sessionId, clientId }: SessionApp,
): Promise<boolean> => (await deleteRow(db, sub, userPoolId, sessionId, clientId)).affected === 1
