// Statements on the access keys of users. Those that write or read a secret are in entity-store.ts.
import { affectedRows, type Db } from '../../database/database.ts'
import type { AccessKey } from '../entity-types.ts'

/** A key without its secret. */
export type StoredKey = Omit<AccessKey, 'secretAccessKey'>

/** The keys of a user, in the order of their ids. */
export async function listAccessKeys(db: Db, userKey: string): Promise<StoredKey[]> {
  const rows = await db
    .selectFrom('iam_access_keys')
    .select(['access_key_id', 'user_key', 'status', 'created_at'])
    .where('user_key', '=', userKey)
    .orderBy('access_key_id')
    .execute()
  return rows.map((row) => ({
    accessKeyId: row.access_key_id,
    userKey: row.user_key,
    status: row.status as StoredKey['status'],
    createdAt: row.created_at,
  }))
}

export async function hasAccessKeys(db: Db, userKey: string): Promise<boolean> {
  const row = await db
    .selectFrom('iam_access_keys')
    .select('access_key_id')
    .where('user_key', '=', userKey)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** False when the user has no such key. */
export async function updateKeyStatus(
  db: Db,
  { accessKeyId, userKey, status }: Pick<StoredKey, 'accessKeyId' | 'userKey' | 'status'>,
): Promise<boolean> {
  const result = await db
    .updateTable('iam_access_keys')
    .set({ status })
    .where('access_key_id', '=', accessKeyId)
    .where('user_key', '=', userKey)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** False when the user has no such key. */
export async function deleteAccessKey(
  db: Db,
  { accessKeyId, userKey }: Pick<StoredKey, 'accessKeyId' | 'userKey'>,
): Promise<boolean> {
  const result = await db
    .deleteFrom('iam_access_keys')
    .where('access_key_id', '=', accessKeyId)
    .where('user_key', '=', userKey)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Moves the access keys of a renamed user to the user's new entity key; returns their ids. */
export async function moveAccessKeys(db: Db, fromKey: string, toKey: string): Promise<string[]> {
  const rows = await db
    .updateTable('iam_access_keys')
    .set({ user_key: toKey })
    .where('user_key', '=', fromKey)
    .returning('access_key_id')
    .execute()
  return rows.map((row) => row.access_key_id)
}

/** The user of an access key; undefined for an unknown key. */
export async function findAccessKeyOwner(db: Db, accessKeyId: string): Promise<{ userKey: string } | undefined> {
  const row = await db
    .selectFrom('iam_access_keys')
    .select('user_key')
    .where('access_key_id', '=', accessKeyId)
    .executeTakeFirst()
  return row && { userKey: row.user_key }
}
