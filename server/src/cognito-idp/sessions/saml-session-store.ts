// Statements on the sessions of browsers that came from a session at a SAML provider: a row for each.
import type { Db } from '../../database/database.ts'
import { insertStatement, statement } from '../../database/statement.ts'

export interface SamlSessionRow {
  readonly sub: string
  readonly userPoolId: string
  /** The session of the browser. */
  readonly sessionId: string
  readonly provider: string
  /** SessionIndex of the provider, if it names its sessions. */
  readonly index: string | undefined
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

const insertRow = insertStatement('saml_sessions')

export async function insertSamlSession(db: Db, row: SamlSessionRow): Promise<void> {
  await insertRow(db, {
    user_sub: row.sub,
    user_pool_id: row.userPoolId,
    session_id: row.sessionId,
    provider: row.provider,
    session_index: row.index ?? null,
    expires_at: row.expiresAt,
  })
}

const rowsOfUser = statement((db, sub: string, userPoolId: string) =>
  db.selectFrom('saml_sessions').selectAll().where('user_sub', '=', sub).where('user_pool_id', '=', userPoolId),
)

export async function samlSessionsOf(db: Db, userPoolId: string, sub: string): Promise<SamlSessionRow[]> {
  const { rows } = await rowsOfUser(db, sub, userPoolId)
  return rows.map((row) => ({
    sub,
    userPoolId,
    sessionId: row.session_id,
    provider: row.provider,
    index: row.session_index ?? undefined,
    expiresAt: row.expires_at,
  }))
}

const deleteRow = statement((db, sub: string, userPoolId: string, sessionId: string) =>
  db
    .deleteFrom('saml_sessions')
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('session_id', '=', sessionId),
)

export async function deleteSamlSession(db: Db, { sub, userPoolId, sessionId }: SamlSessionRow): Promise<void> {
  await deleteRow(db, sub, userPoolId, sessionId)
}
