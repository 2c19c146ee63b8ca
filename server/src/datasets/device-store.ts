// Every statement on the tables of devices and of the datasets that they are told of.
import type { Db } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { insertStatement, rowStatement, statement } from '../database/statement.ts'

/** A device that pushes go to (docs/reference/identity-pools-sts-iam-sync.md 21.1). */
export interface Device {
  readonly id: string
  readonly identityId: string
  readonly poolId: string
  readonly platform: string
  readonly applicationArn: string
  /** Sealed. */
  readonly token: string
  /** Epoch milliseconds. */
  readonly createdAt: number
}

const deviceFromRow = (row: Schema['sync_devices']): Device => ({
  id: row.device_id,
  identityId: row.identity_id,
  poolId: row.identity_pool_id,
  platform: row.platform,
  applicationArn: row.application_arn,
  token: row.token,
  createdAt: row.created_at,
})

const devicesOf = statement((db, identityId: string) =>
  db.selectFrom('sync_devices').selectAll().where('identity_id', '=', identityId).orderBy('device_id'),
)

/** The devices of an identity: as many as limits.devices says. */
export const findDevices = async (db: Db, identityId: string): Promise<Device[]> =>
  (await devicesOf(db, identityId)).rows.map(deviceFromRow)

const deviceById = rowStatement((db, identityId: string, id: string) =>
  db.selectFrom('sync_devices').select('device_id').where('identity_id', '=', identityId).where('device_id', '=', id),
)

export const hasDevice = async (db: Db, identityId: string, id: string): Promise<boolean> =>
  (await deviceById(db, identityId, id)) !== undefined

const newDevice = insertStatement('sync_devices', (insert) =>
  insert.onConflict((conflict) => conflict.columns(['identity_id', 'device_id']).doNothing()),
)

export async function insertDevice(db: Db, device: Device): Promise<void> {
  await newDevice(db, {
    identity_id: device.identityId,
    device_id: device.id,
    identity_pool_id: device.poolId,
    platform: device.platform,
    application_arn: device.applicationArn,
    token: device.token,
    created_at: device.createdAt,
  })
}

const deleteOne = statement((db, identityId: string, id: string) =>
  db.deleteFrom('sync_devices').where('identity_id', '=', identityId).where('device_id', '=', id),
)
const deleteSubscriptionsOfOne = statement((db, identityId: string, id: string) =>
  db.deleteFrom('sync_subscriptions').where('identity_id', '=', identityId).where('device_id', '=', id),
)

/** Forgets a device of an identity and what it is told of. */
export async function deleteDevice(db: Db, identityId: string, id: string): Promise<void> {
  await deleteSubscriptionsOfOne(db, identityId, id)
  await deleteOne(db, identityId, id)
}

/** Forgets all devices of identities that are deleted. */
export async function deleteDevicesOf(db: Db, identityIds: readonly string[]): Promise<void> {
  if (identityIds.length === 0) return
  await db.deleteFrom('sync_subscriptions').where('identity_id', 'in', identityIds).execute()
  await db.deleteFrom('sync_devices').where('identity_id', 'in', identityIds).execute()
}

const newSubscription = insertStatement('sync_subscriptions', (insert) =>
  insert.onConflict((conflict) => conflict.columns(['identity_id', 'dataset_name', 'device_id']).doNothing()),
)

/** Tells a device of a dataset from now on. */
export async function insertSubscription(
  db: Db,
  { identityId, datasetName, deviceId, poolId }: Subscription & { poolId: string },
): Promise<void> {
  await newSubscription(db, {
    identity_id: identityId,
    dataset_name: datasetName,
    device_id: deviceId,
    identity_pool_id: poolId,
  })
}

export interface Subscription {
  readonly identityId: string
  readonly datasetName: string
  readonly deviceId: string
}

const subscriptionsOf = statement((db, identityId: string) =>
  db.selectFrom('sync_subscriptions').select(['dataset_name', 'device_id']).where('identity_id', '=', identityId),
)

/** All subscriptions of an identity's devices. */
export const findSubscriptions = async (db: Db, identityId: string): Promise<Subscription[]> =>
  (await subscriptionsOf(db, identityId)).rows.map((row) => ({
    identityId,
    datasetName: row.dataset_name,
    deviceId: row.device_id,
  }))

const removedSubscription = statement((db, identityId: string, datasetName: string, deviceId: string) =>
  db
    .deleteFrom('sync_subscriptions')
    .where('identity_id', '=', identityId)
    .where('dataset_name', '=', datasetName)
    .where('device_id', '=', deviceId),
)

export async function deleteSubscription(db: Db, { identityId, datasetName, deviceId }: Subscription): Promise<void> {
  await removedSubscription(db, identityId, datasetName, deviceId)
}

const subscribedTo = statement((db, identityId: string, ofDevices: string, datasetName: string) =>
  db
    .selectFrom('sync_subscriptions')
    .innerJoin('sync_devices', (join) =>
      join
        .onRef('sync_devices.identity_id', '=', 'sync_subscriptions.identity_id')
        .onRef('sync_devices.device_id', '=', 'sync_subscriptions.device_id'),
    )
    .selectAll('sync_devices')
    .where('sync_subscriptions.identity_id', '=', identityId)
    .where('sync_devices.identity_id', '=', ofDevices)
    .where('sync_subscriptions.dataset_name', '=', datasetName),
)

/** The devices of an identity that are told of a dataset. */
export const findSubscribed = async (db: Db, identityId: string, datasetName: string): Promise<Device[]> =>
  (await subscribedTo(db, identityId, identityId, datasetName)).rows.map(deviceFromRow)
