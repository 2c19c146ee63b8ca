// What is kept of deleted datasets: a row each, so that devices which knew one learn that it was deleted, up to a number;
// beyond that one row for all that were forgotten, whose count a new dataset starts from. Pure.
import type { Dataset } from './dataset-store.ts'
import { limits } from './limits.ts'

/** The name of the row that stands for those that were forgotten; no dataset can have it. */
export const FORGOTTEN = ''

const isMarker = ({ live, name }: Dataset): boolean => !live && name !== FORGOTTEN

/** The count that a dataset without a row starts from: above those of all datasets of its name that were forgotten. */
export const firstCount = (datasets: readonly Dataset[]): number =>
  datasets.find(({ name }) => name === FORGOTTEN)?.syncCount ?? 0

/** What to do when a dataset of an identity with these rows is deleted. */
export interface Forgetting {
  /** The markers that go. */
  readonly forgotten: readonly Dataset[]
  /** The row that stands for them, before and after. */
  readonly before: Dataset | undefined
  readonly after: Dataset
}

/** The oldest markers when there are too many, with `deleted` as one more; undefined while there are not. */
export function forgetMarkers(datasets: readonly Dataset[], deleted: Dataset): Forgetting | undefined {
  const markers = datasets.filter((dataset) => isMarker(dataset) && dataset.name !== deleted.name)
  const forgotten = markers
    .sort((a, b) => a.updatedAt - b.updatedAt)
    .slice(0, Math.max(0, markers.length + 1 - limits.deletedDatasets.max))
  if (forgotten.length === 0) return undefined
  const before = datasets.find(({ name }) => name === FORGOTTEN)
  const syncCount = Math.max(before?.syncCount ?? 0, ...forgotten.map((marker) => marker.syncCount))
  return { forgotten, before, after: { ...deleted, name: FORGOTTEN, syncCount, deletedSyncCount: syncCount } }
}
