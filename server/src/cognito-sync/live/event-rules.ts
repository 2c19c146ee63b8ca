// The texts of an event stream (HTML Living Standard, 9.2 "Server-sent events"), and what an event id says: which count of
// which datasets its reader knows. Pure. The message is that of a push (docs/reference/identity-pools-sts-iam-sync.md 21.1).
import { sha256Text } from '../../crypto/digest.ts'
import { limits } from '../limits.ts'
import type { StreamedIdentity } from './ticket.ts'

/** The sync counts of datasets by name. */
export type Counts = ReadonlyMap<string, number>

/** 36 bits of a hash stand for a name: whoever makes two that agree misses pokes of their own. */
const NAME_LENGTH = 6
const PART = /^([\w-]{6})([\da-z]{1,11})$/

const shortNameOf = (datasetName: string): string => sha256Text(datasetName).slice(0, NAME_LENGTH)

/** The id of an event after which its reader knows these counts; empty when it would be too long to send back. */
export function eventIdOf(counts: Counts): string {
  const text = Array.from(counts, ([name, count]) => shortNameOf(name) + count.toString(36)).join('.')
  return text.length > limits.eventId.max ? '' : text
}

/** Whether a reader who sends an event id back knows a count of a dataset. Text that is no id knows nothing. */
export function knownBy(eventId: string): (datasetName: string, syncCount: number) => boolean {
  const known = new Map<string, string>()
  if (eventId.length <= limits.eventId.max)
    for (const part of eventId.split('.')) {
      const [, name, count] = PART.exec(part) ?? []
      if (name !== undefined && count !== undefined) known.set(name, count)
    }
  return (datasetName, syncCount) => known.get(shortNameOf(datasetName)) === syncCount.toString(36)
}

/** The event that a dataset has a new count. */
export const pokeEvent = (identity: StreamedIdentity, datasetName: string, syncCount: number): string =>
  `data: ${JSON.stringify({
    source: 'cognito-sync',
    identityPoolId: identity.poolId,
    identityId: identity.id,
    datasetName,
    syncCount,
  })}\n\n`

/** Text before an event, or by itself, from which on its reader knows these counts. */
export const idLine = (counts: Counts): string => `id: ${eventIdOf(counts)}\n`

/** Says after how many milliseconds a reader connects again. */
export const retryLine = (ms: number): string => `retry: ${ms}\n`

/** A comment, which readers ignore, and which keeps the connection alive. */
export const HEARTBEAT = ':\n\n'
