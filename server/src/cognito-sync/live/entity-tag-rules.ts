// The entity tag of ListRecords: what an answer says follows from its request, the dataset's count, and which datasets are
// to be merged into it, whose count is their own (docs/behaviour/sync-streams.md). Pure.
import type { CognitoSyncOperations } from '../../contract/cognito-sync.types.ts'
import { sha256Text } from '../../crypto/digest.ts'

/** `"7"`, or `"7-<hash of names>"` with merged datasets; undefined for other operations. */
export function syncEntityTag(operation: string, output: unknown): string | undefined {
  if (operation !== 'ListRecords') return undefined
  const { DatasetSyncCount = 0, MergedDatasetNames = [] } = output as CognitoSyncOperations['ListRecords']['output']
  const merged = MergedDatasetNames.length === 0 ? '' : `-${sha256Text(MergedDatasetNames.toSorted().join(' '))}`
  return `"${DatasetSyncCount}${merged}"`
}
