// Changes to one identity: compare-and-set on the version that was read, retried after a conflict.

import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import { findDatasetsOf } from '../../datasets/dataset-store.ts'
import { deleteDevicesOf } from '../../datasets/device-store.ts'
import { removeDatasetsOf } from '../../datasets/remove-datasets.ts'
import { deleteIdentity as deleteStored, findIdentity, type Identity, updateLogins } from './identity-store.ts'
import { isSameLogin, type Login } from './login-rules.ts'

type Parts = Pick<Context, 'db' | 'database' | 'clock'>

/** Removes the logins that `choose` returns; `choose` may throw to refuse. False when there is no such identity. */
export async function removeLogins(
  context: Parts,
  id: string,
  choose: (identity: Identity) => readonly Login[],
): Promise<boolean> {
  return withRetries(async () => {
    const identity = await findIdentity(context.db, id)
    if (!identity) return false
    const removed = choose(identity)
    if (removed.length === 0) return true
    const kept = identity.logins.filter((login) => !removed.some((other) => isSameLogin(other, login)))
    await context.database.transaction(async (db) => {
      if (!(await updateLogins(db, identity, kept, context.clock.now()))) throw new Stale()
    })
    return true
  })
}

/** Deletes an identity with its logins, datasets and devices; false when there is none. */
export async function deleteIdentity(context: Parts & Pick<Context, 'datasetUsage'>, id: string): Promise<boolean> {
  return withRetries(async () => {
    const identity = await findIdentity(context.db, id)
    if (!identity) return false
    const now = context.clock.now()
    const datasets = await findDatasetsOf(context.db, id)
    const bytes = await context.database.transaction(async (db) => {
      if (!(await deleteStored(db, identity))) throw new Stale()
      await deleteDevicesOf(db, [id])
      return removeDatasetsOf(db, [id], datasets, now)
    })
    if (datasets.length > 0) context.datasetUsage.addChange(identity.poolId, -bytes, now)
    return true
  })
}
