// The operations of Cognito Sync that are implemented.
import type { AnyOperation } from '../operation.ts'
import { getIdentityPoolConfiguration } from './configuration/getIdentityPoolConfiguration.ts'
import { setIdentityPoolConfiguration } from './configuration/setIdentityPoolConfiguration.ts'
import { deleteDataset } from './datasets/deleteDataset.ts'
import { describeDataset } from './datasets/describeDataset.ts'
import { listDatasets } from './datasets/listDatasets.ts'
import { getCognitoEvents } from './events/getCognitoEvents.ts'
import { setCognitoEvents } from './events/setCognitoEvents.ts'
import { createStreamTicket } from './live/createStreamTicket.ts'
import { registerDevice } from './push/registerDevice.ts'
import { subscribeToDataset } from './push/subscribeToDataset.ts'
import { unsubscribeFromDataset } from './push/unsubscribeFromDataset.ts'
import { listRecords } from './records/listRecords.ts'
import { updateRecords } from './records/updateRecords.ts'
import { bulkPublish } from './streams/bulkPublish.ts'
import { getBulkPublishDetails } from './streams/getBulkPublishDetails.ts'
import { describeIdentityPoolUsage } from './usage/describeIdentityPoolUsage.ts'
import { describeIdentityUsage } from './usage/describeIdentityUsage.ts'
import { listIdentityPoolUsage } from './usage/listIdentityPoolUsage.ts'

export const cognitoSyncOperations: readonly AnyOperation[] = [
  listDatasets,
  describeDataset,
  deleteDataset,
  listRecords,
  updateRecords,
  describeIdentityPoolUsage,
  describeIdentityUsage,
  listIdentityPoolUsage,
  createStreamTicket,
  getIdentityPoolConfiguration,
  setIdentityPoolConfiguration,
  getCognitoEvents,
  setCognitoEvents,
  registerDevice,
  subscribeToDataset,
  unsubscribeFromDataset,
  bulkPublish,
  getBulkPublishDetails,
]
