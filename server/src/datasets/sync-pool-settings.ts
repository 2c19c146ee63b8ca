// What is set for an identity pool beyond its datasets, as stored. Pure.
import type { BulkPublishStatus, CognitoStreams, PushSync } from '../contract/cognito-sync.types.ts'

export interface SyncPoolSettings {
  readonly PushSync?: PushSync
  readonly CognitoStreams?: CognitoStreams
  /** The ARN of the function that is asked before records change. */
  readonly SyncTrigger?: string
  readonly bulk?: BulkPublish
}

/** The last publication of everything to the stream; times in epoch milliseconds. */
export interface BulkPublish {
  readonly status: Exclude<BulkPublishStatus, 'NOT_STARTED'>
  readonly startedAt: number
  readonly completedAt?: number
  readonly failure?: string
}
