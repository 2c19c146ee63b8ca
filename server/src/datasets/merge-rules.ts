// What becomes of the datasets of an identity that is merged into another one
// (docs/reference/identity-pools-sts-iam-sync.md 20.5, docs/behaviour/sync.md). Pure.
import type { Dataset } from './dataset-store.ts'
import { firstCount } from './marker-rules.ts'

/** The longest name that the contract allows. */
const LONGEST_NAME = 128

/** A dataset that changes its identity. Its records stay where they are. */
export interface DatasetMove {
  readonly from: Dataset
  /** The new row. */
  readonly to: Dataset
  /** What is kept of a deleted dataset of that name, whose place the new row takes. */
  readonly replaced: Dataset | undefined
}

/**
 * The moves of the live datasets of `absorbed` identities to one that has the rows `own`. A name that is taken there becomes
 * `name.<id of the old identity>`, to be merged by the client. The limit of datasets does not count: a sign-in comes first.
 */
export function planMoves(
  survivorId: string,
  own: readonly Dataset[],
  absorbed: readonly Dataset[],
  now: number,
): DatasetMove[] {
  const known = new Map(own.map((dataset) => [dataset.name, dataset]))
  // Of deleted datasets whose names are forgotten: any name that has no row may be one of theirs.
  const forgotten = firstCount(own)
  const moves: DatasetMove[] = []
  for (const from of absorbed.filter(({ live }) => live)) {
    const isTaken = known.get(from.name)?.live ?? false
    const name = isTaken ? mergedName(from, (taken) => known.get(taken)?.live ?? false) : from.name
    const replaced = known.get(name)
    const deleted = replaced?.syncCount ?? forgotten
    const syncCount = Math.max(from.syncCount, deleted) + 1
    const to: Dataset = {
      ...from,
      identityId: survivorId,
      name,
      syncCount,
      // A device that knew the deleted dataset knows none of these records, whatever their counts.
      deletedSyncCount: deleted > 0 ? syncCount : from.deletedSyncCount,
      mergedFrom: isTaken ? from.name : from.mergedFrom,
      updatedAt: now,
    }
    moves.push({ from, to, replaced })
    known.set(name, to)
  }
  return moves
}

/** `name.<identity>`, cut and numbered until it is a name that is free. */
function mergedName({ name, identityId }: Dataset, isTaken: (name: string) => boolean): string {
  for (let number = 1; ; number++) {
    const end = `.${identityId}${number === 1 ? '' : `.${number}`}`
    const candidate = name.slice(0, LONGEST_NAME - end.length) + end
    if (!isTaken(candidate)) return candidate
  }
}
