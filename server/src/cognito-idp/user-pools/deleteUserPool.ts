// DeleteUserPool: the pool is deleted for every caller at once; its rows are removed later as a job (pool-removal.ts).

import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { isImporting } from '../user-import/import-store.ts'
import { IMPORT_IN_PROGRESS_MESSAGE } from '../user-import/require-import-job.ts'
import { deletionRefusal } from './deletion-rules.ts'
import { deletePool } from './pool-store.ts'
import { readPool } from './read-pool.ts'

const ATTEMPTS = 50

export const deleteUserPool = operation('DeleteUserPool', async (context, { input, fail }) => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const pool = await readPool(context, input.UserPoolId)
    enforce(fail, deletionRefusal(pool))
    if (await isImporting(context.db, input.UserPoolId))
      throw fail('UserImportInProgressException', IMPORT_IN_PROGRESS_MESSAGE)
    // Compare-and-delete: deletion protection that is activated concurrently must prevent the deletion.
    const deleted = await context.database.transaction((db) => deletePool(db, pool, context.clock.now()))
    context.userPools.forget(pool.id)
    context.keys.forget(pool.id)
    context.userCounts.forget(pool.id)
    if (deleted) return
  }
  throw new Error(
    `User pool ${input.UserPoolId} could not be deleted: ${ATTEMPTS} conflicts with other requests in a row.`,
  )
})
