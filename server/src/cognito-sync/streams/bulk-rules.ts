// When everything of an identity pool may be published to its stream (docs/reference/identity-pools-sts-iam-sync.md 21.4). Pure.
import type { GetBulkPublishDetailsResponse } from '../../contract/cognito-sync.types.ts'
import type { SyncPoolSettings } from '../../datasets/sync-pool-settings.ts'
import type { Refusal } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'

type BulkError = 'InvalidParameterException' | 'DuplicateRequestException' | 'AlreadyStreamedException'

export function bulkRefusal({ CognitoStreams, bulk }: SyncPoolSettings, now: number): Refusal<BulkError> | undefined {
  if (CognitoStreams?.StreamingStatus !== 'ENABLED')
    return { refused: 'InvalidParameterException', message: 'The stream of the identity pool is not enabled.' }
  if (bulk?.status === 'IN_PROGRESS')
    return { refused: 'DuplicateRequestException', message: 'A bulk publish of the identity pool is in progress.' }
  if (bulk?.status === 'SUCCEEDED' && now < (bulk.completedAt ?? 0) + limits.bulkPause.max)
    return {
      refused: 'AlreadyStreamedException',
      message: 'A bulk publish of the identity pool succeeded within the last 24 hours.',
    }
  return undefined
}

export const bulkDetails = (IdentityPoolId: string, { bulk }: SyncPoolSettings): GetBulkPublishDetailsResponse => ({
  IdentityPoolId,
  BulkPublishStatus: bulk?.status ?? 'NOT_STARTED',
  ...(bulk && { BulkPublishStartTime: new Date(bulk.startedAt) }),
  ...(bulk?.completedAt !== undefined && { BulkPublishCompleteTime: new Date(bulk.completedAt) }),
  ...(bulk?.failure !== undefined && { FailureMessage: bulk.failure }),
})
