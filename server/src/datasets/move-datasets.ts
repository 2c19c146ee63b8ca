// Moves the datasets of merged identities (merge-rules.ts).
import { Stale } from '../database/compare-and-set.ts'
import type { Db } from '../database/database.ts'
import { deleteDatasetRow, findDatasetsOf, insertDataset, replaceDataset } from './dataset-store.ts'
import { type DatasetMove, planMoves } from './merge-rules.ts'

/**
 * What `moveDatasets` is to do when identities become part of another one. Read it after their rows: a new dataset raises the
 * version of its identity, which the merger compares.
 */
export async function prepareMoves(
  db: Db,
  survivorId: string,
  absorbedIds: readonly string[],
  now: number,
): Promise<DatasetMove[]> {
  const absorbed = []
  for (const id of absorbedIds) absorbed.push(...(await findDatasetsOf(db, id)))
  return absorbed.some(({ live }) => live)
    ? planMoves(survivorId, await findDatasetsOf(db, survivorId), absorbed, now)
    : []
}

/** Carries out moves in the transaction of the merger. Throws Stale when a dataset has changed since it was read. */
export async function moveDatasets(db: Db, moves: readonly DatasetMove[]): Promise<void> {
  // Deleted and inserted: the column that spreads a table's rows does not change (database/placements.ts).
  for (const { from, to, replaced } of moves) {
    const moved =
      (await deleteDatasetRow(db, from)) &&
      (replaced ? await replaceDataset(db, replaced, to) : await insertDataset(db, to))
    if (!moved) throw new Stale()
  }
}
