import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { changeDataset } from './change-dataset.ts'
import { pushRefusal } from './patch-rules.ts'
import { recordType } from './record-type.ts'
import { judgeSessionToken, tokenRefusal } from './session-token.ts'

/** A call without patches changes nothing and makes no dataset (docs/reference/identity-pools-sts-iam-sync.md 20.3). */
export const updateRecords = operation('UpdateRecords', async (context, { input, pool, identity, fail }) => {
  const { IdentityId: identityId, DatasetName: name, RecordPatches: patches = [], DeviceId: deviceId } = input
  const scope = { poolId: pool.id, identityId, datasetName: name }
  if (judgeSessionToken(context.sealer, scope, input.SyncSessionToken, context.clock.now()) !== 'valid')
    enforce(fail, tokenRefusal())
  enforce(fail, pushRefusal(patches, deviceId))
  if (patches.length === 0) return { Records: [] }
  const by = { modifiedBy: deviceId ?? identityId, deviceId, byIdentity: identity !== undefined }
  const records = await changeDataset(context, { poolId: pool.id, identityId, name, patches, ...by }, fail)
  return { Records: records.map(recordType) }
})
