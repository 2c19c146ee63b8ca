import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { replicatedTierRefusal } from '../replicas/replica-rules.ts'
import { updateRegional } from '../replicas/update-regional.ts'
import { isImporting } from '../user-import/import-store.ts'
import { IMPORT_IN_PROGRESS_MESSAGE } from '../user-import/require-import-job.ts'
import { updatedPoolSettings } from './new-pool-settings.ts'
import { updatedPoolRefusal } from './pool-rules.ts'
import { replacePoolSettings } from './pool-store.ts'
import { readPool } from './read-pool.ts'

export const updateUserPool = operation('UpdateUserPool', async (context, request) => {
  const { input, caller, fail } = request
  const changed = () => {
    context.userPools.forget(input.UserPoolId)
    return fail('ConcurrentModificationException', `User pool ${input.UserPoolId} is being changed by another request.`)
  }
  if (request.pool.replica) {
    await updateRegional(context, request)
    return {}
  }
  const pool = await readPool(context, input.UserPoolId)
  // Another region has become the primary one since the pool was read into memory, and has settings of its own.
  if (pool.region !== caller.region) throw changed()
  if (await isImporting(context.db, input.UserPoolId))
    throw fail('UserImportInProgressException', IMPORT_IN_PROGRESS_MESSAGE)
  const settings = updatedPoolSettings(pool.settings, input, context.config.region)
  enforce(fail, updatedPoolRefusal(pool.settings, input, settings))
  enforce(fail, replicatedTierRefusal(pool, settings))
  const written = await replacePoolSettings(context.db, pool, settings, context.clock.now())
  context.userPools.forget(pool.id)
  if (!written) throw changed()
  context.unservedNotices.notePool({ id: pool.id, settings })
  return {}
})
