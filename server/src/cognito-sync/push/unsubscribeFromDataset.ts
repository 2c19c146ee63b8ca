import { deleteSubscription } from '../../datasets/device-store.ts'
import { operation } from '../operation.ts'
import { requireDevice } from './require-device.ts'

/** Tells a device of a dataset no more; one that was not told of it is no error (docs/reference/identity-pools-sts-iam-sync.md 21.1). */
export const unsubscribeFromDataset = operation('UnsubscribeFromDataset', async (context, { input, pool }) => {
  await requireDevice(context, pool.id, input)
  const { IdentityId: identityId, DatasetName: datasetName, DeviceId: deviceId } = input
  await deleteSubscription(context.db, { identityId, datasetName, deviceId })
  return {}
})
