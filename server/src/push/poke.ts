// What devices are told: that a dataset has changed, and never how (docs/reference/identity-pools-sts-iam-sync.md 21.1).
import { createHash } from 'node:crypto'

export interface Poke {
  readonly identityPoolId: string
  readonly identityId: string
  readonly datasetName: string
  readonly syncCount: number
}

/** The payload, whose members are texts, as old clients of Android read them. */
export const payloadOf = ({ identityPoolId, identityId, datasetName, syncCount }: Poke): Record<string, string> => ({
  source: 'cognito-sync',
  identityPoolId,
  identityId,
  datasetName,
  syncCount: String(syncCount),
})

/**
 * A name for pushes of one dataset, by which push services replace one that is not delivered yet: 32 characters of
 * base64url, as Web Push allows no more (RFC 8030 5.4).
 */
export const collapseKey = ({ identityId, datasetName }: Poke): string =>
  createHash('sha256').update(`${identityId}/${datasetName}`).digest('base64url').slice(0, 32)
