// The operations of Cognito Sync that are implemented.
import type { AnyOperation } from '../operation.ts'
import { deleteDataset } from './datasets/deleteDataset.ts'
import { describeDataset } from './datasets/describeDataset.ts'
import { listDatasets } from './datasets/listDatasets.ts'
import { createStreamTicket } from './live/createStreamTicket.ts'
import { listRecords } from './records/listRecords.ts'
import { updateRecords } from './records/updateRecords.ts'
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
]
