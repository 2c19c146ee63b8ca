import { findSubscriptions, insertSubscription } from '../../datasets/device-store.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { requireDevice } from './require-device.ts'

/** Tells a device of a dataset from now on, also of one that is made later (docs/reference/identity-pools-sts-iam-sync.md 21.1). */
export const subscribeToDataset = operation('SubscribeToDataset', async (context, { input, pool, fail }) => {
  await requireDevice(context, pool.id, input)
  const { IdentityId: identityId, DatasetName: datasetName, DeviceId: deviceId } = input
  const subscriptions = await findSubscriptions(context.db, identityId)
  const known = subscriptions.some((one) => one.deviceId === deviceId && one.datasetName === datasetName)
  if (!known && subscriptions.length >= limits.subscriptions.max)
    throw fail('InvalidParameterException', `An identity has at most ${limits.subscriptions.max} subscriptions.`)
  if (!known) await insertSubscription(context.db, { identityId, datasetName, deviceId, poolId: pool.id })
  return {}
})
