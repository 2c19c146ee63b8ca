// Every statement on what users have allowed applications that registered themselves.
// docs/behaviour/client-registration.md.
import { affectedRows, type Db } from '../../database/database.ts'
import { rowStatement, statement } from '../../database/statement.ts'

export interface ConsentKey {
  readonly sub: string
  readonly userPoolId: string
  readonly clientId: string
}

export interface Consent extends ConsentKey {
  /** Scopes; those that are for one API alone, named by `resource`, are `<scope> <URL>`. */
  readonly granted: readonly string[]
  /** When the user first allowed the application something, since it was last taken back (epoch milliseconds). */
  readonly grantedAt: number
}

const consentOf = rowStatement((db, sub: string, userPoolId: string, clientId: string) =>
  db
    .selectFrom('consents')
    .selectAll()
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('client_id', '=', clientId),
)

export async function findConsent(db: Db, key: ConsentKey): Promise<Consent | undefined> {
  const row = await consentOf(db, key.sub, key.userPoolId, key.clientId)
  return row && { ...key, granted: JSON.parse(row.granted) as string[], grantedAt: row.granted_at }
}

const consentsOf = statement((db, sub: string, userPoolId: string) =>
  db.selectFrom('consents').selectAll().where('user_sub', '=', sub).where('user_pool_id', '=', userPoolId),
)

/** The newest first. */
export async function consentsOfUser(db: Db, userPoolId: string, sub: string): Promise<Consent[]> {
  const { rows } = await consentsOf(db, sub, userPoolId)
  return rows
    .map((row) => ({
      sub,
      userPoolId,
      clientId: row.client_id,
      granted: JSON.parse(row.granted) as string[],
      grantedAt: row.granted_at,
    }))
    .sort((one, other) => other.grantedAt - one.grantedAt)
}

const upsert = statement((db, sub: string, userPoolId: string, clientId: string, granted: string, grantedAt: number) =>
  db
    .insertInto('consents')
    .values({ user_sub: sub, user_pool_id: userPoolId, client_id: clientId, granted, granted_at: grantedAt })
    .onConflict((conflict) =>
      conflict.columns(['user_sub', 'user_pool_id', 'client_id']).doUpdateSet((row) => ({
        granted: row.ref('excluded.granted'),
      })),
    ),
)

/** Writes it; of an earlier one, `grantedAt` stays. */
export async function putConsent(db: Db, { sub, userPoolId, clientId, granted, grantedAt }: Consent): Promise<void> {
  await upsert(db, sub, userPoolId, clientId, JSON.stringify(granted), grantedAt)
}

/** False when there is none. */
export async function deleteConsent(db: Db, { sub, userPoolId, clientId }: ConsentKey): Promise<boolean> {
  const result = await db
    .deleteFrom('consents')
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('client_id', '=', clientId)
    .executeTakeFirst()
  return affectedRows(result) === 1
}
