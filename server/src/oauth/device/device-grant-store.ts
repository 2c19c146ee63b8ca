// Every statement on the table of device grants.
import type { Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { insertStatement, rowStatement, statement } from '../../database/statement.ts'
import type { GrantKey } from './device-grant.ts'

export type DeviceGrantRow = Schema['device_grants']

const insertRow = insertStatement('device_grants', (query) =>
  query.onConflict((conflict) => conflict.columns(['code_key', 'user_pool_id']).doNothing()),
)

/** False where another device has the code. */
export async function insertDeviceGrant(db: Db, row: DeviceGrantRow): Promise<boolean> {
  return (await insertRow(db, row)).affected === 1
}

export const findDeviceGrant: (db: Db, codeKey: string, userPoolId: string) => Promise<DeviceGrantRow | undefined> =
  rowStatement((db, codeKey: string, userPoolId: string) =>
    db.selectFrom('device_grants').selectAll().where('code_key', '=', codeKey).where('user_pool_id', '=', userPoolId),
  )

const setStatus = statement(
  (db, next: string, sealed: string, codeKey: string, userPoolId: string, id: string, before: string) =>
    db
      .updateTable('device_grants')
      .set({ status: next as DeviceGrantRow['status'], answer_sealed: sealed })
      .where('code_key', '=', codeKey)
      .where('user_pool_id', '=', userPoolId)
      .where('grant_id', '=', id)
      .where('status', '=', before as DeviceGrantRow['status']),
)

/** Compare-and-set: of concurrent changes from the same state, one gets true. `answer`: what its device may get, sealed. */
export async function changeDeviceGrant(
  db: Db,
  userPoolId: string,
  { codeKey, id }: GrantKey,
  { from, to, answer = '' }: { from: DeviceGrantRow['status']; to: DeviceGrantRow['status']; answer?: string },
): Promise<boolean> {
  return (await setStatus(db, to, answer, codeKey, userPoolId, id, from)).affected === 1
}

const setPolled = statement((db, now: number, interval: number, codeKey: string, userPoolId: string, id: string) =>
  db
    .updateTable('device_grants')
    .set({ polled_at: now, interval_seconds: interval })
    .where('code_key', '=', codeKey)
    .where('user_pool_id', '=', userPoolId)
    .where('grant_id', '=', id),
)

/** Records that a device has asked, and how long it has to wait from now on. */
export async function recordPoll(
  db: Db,
  userPoolId: string,
  { codeKey, id }: GrantKey,
  { now, interval }: { now: number; interval: number },
): Promise<void> {
  await setPolled(db, now, interval, codeKey, userPoolId, id)
}
