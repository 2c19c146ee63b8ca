import type { Record as RecordType } from '../../contract/cognito-sync.types.ts'
import type { DatasetRecord } from '../../datasets/record-store.ts'

/** A record as the API shows it; a tombstone has no value (docs/reference/identity-pools-sts-iam-sync.md 20.2). */
export const recordType = (record: DatasetRecord): RecordType => ({
  Key: record.key,
  Value: record.value,
  SyncCount: record.syncCount,
  LastModifiedDate: new Date(record.updatedAt),
  LastModifiedBy: record.modifiedBy,
  DeviceLastModifiedDate: record.deviceUpdatedAt === undefined ? undefined : new Date(record.deviceUpdatedAt),
})
