// Every statement on the table of passkeys. How many a user has is in the user's row (users/mfa-settings.ts), which is
// written in the same transactions.
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { insertStatement, rowStatement, statement } from '../../database/statement.ts'

export interface Passkey {
  readonly sub: string
  readonly userPoolId: string
  /** SHA-256 of `id`, which may be longer than a key of a row can be. */
  readonly key: string
  /** The credential id, base64url. */
  readonly id: string
  /** COSE_Key (RFC 9052), base64url. */
  readonly publicKey: string
  /** The authenticator's signature counter at the last use; always 0 where the authenticator does not count. */
  readonly counter: number
  /** What the authenticator calls the user (`user.id` of its creation), base64url. */
  readonly userHandle: string
  /** Whether the authenticator verified the user when it made the passkey. */
  readonly userVerified: boolean
  /** Whether the passkey may be on several devices, which never changes, and whether it is. */
  readonly backupEligible: boolean
  readonly backedUp: boolean
  readonly transports: readonly string[]
  readonly attachment: string | undefined
  readonly friendlyName: string
  readonly rpId: string
  readonly aaguid: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly lastUsedAt: number | undefined
}

const passkeyFromRow = (row: Schema['passkeys']): Passkey => ({
  sub: row.user_sub,
  userPoolId: row.user_pool_id,
  key: row.credential_key,
  id: row.credential_id,
  publicKey: row.public_key,
  counter: row.counter,
  userHandle: row.user_handle,
  userVerified: row.user_verified === 1,
  backupEligible: row.backup_eligible === 1,
  backedUp: row.backed_up === 1,
  transports: JSON.parse(row.transports) as string[],
  attachment: row.attachment ?? undefined,
  friendlyName: row.friendly_name,
  rpId: row.rp_id,
  aaguid: row.aaguid,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at ?? undefined,
})

const rowOf = (passkey: Passkey): Schema['passkeys'] => ({
  user_sub: passkey.sub,
  user_pool_id: passkey.userPoolId,
  credential_key: passkey.key,
  credential_id: passkey.id,
  public_key: passkey.publicKey,
  counter: passkey.counter,
  user_handle: passkey.userHandle,
  user_verified: passkey.userVerified ? 1 : 0,
  backup_eligible: passkey.backupEligible ? 1 : 0,
  backed_up: passkey.backedUp ? 1 : 0,
  transports: JSON.stringify(passkey.transports),
  attachment: passkey.attachment ?? null,
  friendly_name: passkey.friendlyName,
  rp_id: passkey.rpId,
  aaguid: passkey.aaguid,
  created_at: passkey.createdAt,
  last_used_at: passkey.lastUsedAt ?? null,
})

const allPasskeysOf = statement((db, sub: string, userPoolId: string) =>
  db.selectFrom('passkeys').selectAll().where('user_sub', '=', sub).where('user_pool_id', '=', userPoolId),
)

/** All passkeys of a user (at most 20), the oldest first. */
export async function passkeysOfUser(db: Db, userPoolId: string, sub: string): Promise<Passkey[]> {
  const { rows } = await allPasskeysOf(db, sub, userPoolId)
  return rows
    .map(passkeyFromRow)
    .sort((one, other) => one.createdAt - other.createdAt || (one.key < other.key ? -1 : 1))
}

const passkeyByKey = rowStatement((db, sub: string, userPoolId: string, key: string) =>
  db
    .selectFrom('passkeys')
    .selectAll()
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('credential_key', '=', key),
)

/** A passkey of a user, by `key`. */
export async function findPasskey(db: Db, userPoolId: string, sub: string, key: string): Promise<Passkey | undefined> {
  const row = await passkeyByKey(db, sub, userPoolId, key)
  return row && passkeyFromRow(row)
}

const insertPasskeyRow = insertStatement('passkeys', (insert) =>
  insert.onConflict((conflict) => conflict.columns(['user_sub', 'user_pool_id', 'credential_key']).doNothing()),
)

/** Writes a new passkey; false when the user has it already. */
export const insertPasskey = async (db: Db, passkey: Passkey): Promise<boolean> =>
  (await insertPasskeyRow(db, rowOf(passkey))).affected === 1

/** Writes what a use changes; false when the counter is not that of `before` any more, or the passkey is deleted. */
export async function recordUse(
  db: Db,
  before: Passkey,
  after: Pick<Passkey, 'counter' | 'backedUp' | 'lastUsedAt'>,
): Promise<boolean> {
  const result = await db
    .updateTable('passkeys')
    .set({ counter: after.counter, backed_up: after.backedUp ? 1 : 0, last_used_at: after.lastUsedAt ?? null })
    .where('user_sub', '=', before.sub)
    .where('user_pool_id', '=', before.userPoolId)
    .where('credential_key', '=', before.key)
    .where('counter', '=', before.counter)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Deletes a passkey; false when it was deleted already. */
export async function deletePasskey(
  db: Db,
  { sub, userPoolId, key }: Pick<Passkey, 'sub' | 'userPoolId' | 'key'>,
): Promise<boolean> {
  const result = await db
    .deleteFrom('passkeys')
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('credential_key', '=', key)
    .executeTakeFirst()
  return affectedRows(result) === 1
}
