// Changes to one identity that compare the version they read, done again when a rival was first.

import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import {
  deleteLogins,
  deleteIdentity as deleteStored,
  findIdentity,
  type Identity,
  updateIdentity,
} from './identity-store.ts'
import type { Login } from './login-rules.ts'

type Parts = Pick<Context, 'db' | 'database' | 'clock'>

/** Takes logins from an identity: those that `choose` picks, which may refuse by throwing. False when it is gone. */
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
    await context.database.transaction(async (db) => {
      if (!(await updateIdentity(db, identity, context.clock.now()))) throw new Stale()
      await deleteLogins(db, identity, removed)
    })
    return true
  })
}

/** Deletes an identity with its logins; false when there is none. */
export async function deleteIdentity(context: Parts, id: string): Promise<boolean> {
  return withRetries(async () => {
    const identity = await findIdentity(context.db, id)
    if (!identity) return false
    await context.database.transaction(async (db) => {
      if (!(await deleteStored(db, identity))) throw new Stale()
    })
    return true
  })
}
