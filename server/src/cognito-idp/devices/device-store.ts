// Every statement on the table of devices. A device is a row from ConfirmDevice on: a sign-in that begins one writes nothing.
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { rowStatement } from '../../database/statement.ts'

/** Whose device. */
export interface DeviceId {
  readonly userPoolId: string
  readonly sub: string
  readonly key: string
}

export interface Device extends DeviceId {
  readonly name: string | undefined
  readonly remembered: boolean
  /** Sealed: device-secret.ts. */
  readonly sealedSecret: string
  readonly lastIp: string | undefined
  /** Epoch milliseconds, as the next two. */
  readonly createdAt: number
  readonly updatedAt: number
  readonly authenticatedAt: number
}

const deviceFromRow = (row: Schema['devices']): Device => ({
  userPoolId: row.user_pool_id,
  sub: row.user_sub,
  key: row.device_key,
  name: row.name ?? undefined,
  remembered: row.remembered === 1,
  sealedSecret: row.secret_sealed,
  lastIp: row.last_ip ?? undefined,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  authenticatedAt: row.authenticated_at,
})

const deviceOf = rowStatement((db, sub: string, userPoolId: string, key: string) =>
  db
    .selectFrom('devices')
    .selectAll()
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('device_key', '=', key),
)

/** A device of a user; undefined when the user has none of this key. `sub` may be that of nobody (attempts/attempts.ts). */
export async function findDevice(db: Db, { sub, userPoolId, key }: DeviceId): Promise<Device | undefined> {
  const row = await deviceOf(db, sub, userPoolId, key)
  return row && deviceFromRow(row)
}

/** Devices of a user with a key after `after`, in the order of keys. */
export async function listDevices(
  db: Db,
  { userPoolId, sub }: Omit<DeviceId, 'key'>,
  after: string,
  limit: number,
): Promise<Device[]> {
  const rows = await db
    .selectFrom('devices')
    .selectAll()
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('device_key', '>', after)
    .orderBy('device_key')
    .limit(limit)
    .execute()
  return rows.map(deviceFromRow)
}

/** Writes a new device; false when there is one of this key. */
export async function insertDevice(db: Db, device: Device): Promise<boolean> {
  const result = await db
    .insertInto('devices')
    .values({
      user_sub: device.sub,
      user_pool_id: device.userPoolId,
      device_key: device.key,
      name: device.name ?? null,
      remembered: device.remembered ? 1 : 0,
      secret_sealed: device.sealedSecret,
      last_ip: device.lastIp ?? null,
      created_at: device.createdAt,
      updated_at: device.updatedAt,
      authenticated_at: device.authenticatedAt,
    })
    .onConflict((conflict) => conflict.columns(['user_sub', 'user_pool_id', 'device_key']).doNothing())
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Deletes the devices of a user that were used the longest ago, so that at most `max` are left. */
export async function deleteSurplusDevices(
  db: Db,
  { userPoolId, sub }: Omit<DeviceId, 'key'>,
  max: number,
): Promise<void> {
  const surplus = db
    .selectFrom('devices as older')
    .select('older.device_key')
    .where('older.user_sub', '=', sub)
    .where('older.user_pool_id', '=', userPoolId)
    .orderBy('older.authenticated_at', 'desc')
    .orderBy('older.device_key')
    .limit(max)
    .offset(max)
  await db
    .deleteFrom('devices')
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('device_key', 'in', surplus)
    .execute()
}

type Change = Partial<Pick<Schema['devices'], 'remembered' | 'last_ip' | 'updated_at' | 'authenticated_at'>>

async function changeDevice(db: Db, { userPoolId, sub, key }: DeviceId, change: Change): Promise<boolean> {
  const result = await db
    .updateTable('devices')
    .set(change)
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('device_key', '=', key)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Whether the device is remembered, from now on; false when the user has none of this key. */
export const setRemembered = (db: Db, id: DeviceId, remembered: boolean, now: number): Promise<boolean> =>
  changeDevice(db, id, { remembered: remembered ? 1 : 0, updated_at: now })

/** Notes a sign-in with the device; false when it was forgotten since it was read. */
export const noteSignIn = (db: Db, id: DeviceId, ip: string | undefined, now: number): Promise<boolean> =>
  changeDevice(db, id, { last_ip: ip ?? null, authenticated_at: now })

/** Removes a device; false when the user has none of this key. */
export async function deleteDevice(db: Db, { userPoolId, sub, key }: DeviceId): Promise<boolean> {
  const result = await db
    .deleteFrom('devices')
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('device_key', '=', key)
    .executeTakeFirst()
  return affectedRows(result) === 1
}
