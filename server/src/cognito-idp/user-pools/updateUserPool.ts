import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { changeReplicas } from '../replicas/change-replicas.ts'
import { poolAt } from '../replicas/place-rules.ts'
import { replicatedTierRefusal } from '../replicas/replica-rules.ts'
import { replaceReplica } from '../replicas/replica-store.ts'
import { updatedReplica } from '../replicas/update-regional.ts'
import { isImporting } from '../user-import/import-store.ts'
import { IMPORT_IN_PROGRESS_MESSAGE } from '../user-import/require-import-job.ts'
import { updatedPoolSettings } from './new-pool-settings.ts'
import { updatedPoolRefusal } from './pool-rules.ts'
import { replacePoolSettings } from './pool-store.ts'
import { readPool } from './read-pool.ts'

export const updateUserPool = operation('UpdateUserPool', async (context, { input, pool: called, caller, fail }) => {
  const { UserPoolId } = input
  if (called.replica) {
    await changeReplicas(context, UserPoolId, (pool) => {
      const seen = poolAt(pool, caller)
      if (!seen?.replica) throw fail('ConcurrentModificationException', `User pool ${pool.id} is being moved.`)
      const settings = updatedPoolSettings(seen.settings, input, context.config.region)
      enforce(fail, updatedPoolRefusal(seen.settings, input, settings))
      const updated = updatedReplica(pool, seen.replica, settings)
      if ('refused' in updated) throw fail(updated.refused, updated.message)
      return { write: (db) => replaceReplica(db, UserPoolId, updated), answer: undefined }
    })
    return {}
  }
  const pool = await readPool(context, UserPoolId)
  if (await isImporting(context.db, UserPoolId)) throw fail('UserImportInProgressException', IMPORT_IN_PROGRESS_MESSAGE)
  const settings = updatedPoolSettings(pool.settings, input, context.config.region)
  enforce(fail, updatedPoolRefusal(pool.settings, input, settings))
  enforce(fail, replicatedTierRefusal(pool, settings))
  const written = await replacePoolSettings(context.db, pool, settings, context.clock.now())
  context.userPools.forget(pool.id)
  if (!written)
    throw fail('ConcurrentModificationException', `User pool ${pool.id} is being changed by another request.`)
  context.unservedNotices.notePool({ id: pool.id, settings })
  return {}
})
