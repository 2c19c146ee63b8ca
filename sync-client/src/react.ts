// React hooks, on useSyncExternalStore. On a server, where nothing is stored, they give what a new device would see.
import { useCallback, useSyncExternalStore } from 'react'
import type { Dataset } from './dataset.ts'

/** The value of a key, and a function that sets it. */
export function useValue<Values, K extends keyof Values & string>(
  dataset: Dataset<Values>,
  key: K,
): [Values[K] | undefined, (value: Values[K] | undefined) => void] {
  const get = () => dataset.get(key)
  const value = useSyncExternalStore(
    useCallback((changed) => dataset.subscribe(key, changed), [dataset, key]),
    get,
    get,
  )
  return [value, useCallback((next) => dataset.set(key, next), [dataset, key])]
}

/** All values of a dataset. */
export function useDataset<Values>(dataset: Dataset<Values>): Readonly<Partial<Values>> {
  return useSyncExternalStore(
    useCallback((changed) => dataset.subscribe(changed), [dataset]),
    dataset.all,
    dataset.all,
  )
}

/** What an interface shows of a dataset, or of a client: whether changes are on their way, offline, or refused. */
export function useSyncStatus<Status>(of: {
  watch(listener: () => void): () => void
  readonly status: Status
}): Status {
  const get = () => of.status
  return useSyncExternalStore(of.watch, get, get)
}
