import type { Dataset as DatasetType } from '../../contract/cognito-sync.types.ts'
import type { Dataset } from '../../datasets/dataset-store.ts'

/** A dataset as the API shows it (docs/reference/identity-pools-sts-iam-sync.md 19.2). */
export const datasetType = (dataset: Dataset): DatasetType => ({
  IdentityId: dataset.identityId,
  DatasetName: dataset.name,
  CreationDate: new Date(dataset.createdAt),
  LastModifiedDate: new Date(dataset.updatedAt),
  LastModifiedBy: dataset.modifiedBy,
  DataStorage: dataset.storage,
  NumRecords: dataset.recordCount,
})

export const noSuchDatasetText = (name: string): string => `Dataset '${name}' not found.`
