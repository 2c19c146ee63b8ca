import { operation } from '../operation.ts'
import { changeReplicas } from './change-replicas.ts'
import { replicaType } from './place-rules.ts'
import { secondaryIn } from './replica-rules.ts'
import { replaceReplica } from './replica-store.ts'

/** UpdateUserPoolReplica, from any region of the pool (docs/reference/user-pools.md 18.8). */
export const updateUserPoolReplica = operation('UpdateUserPoolReplica', async (context, { input, fail }) => {
  const { UserPoolId, RegionName, Status: status } = input
  return changeReplicas(context, UserPoolId, (pool) => {
    const found = secondaryIn(pool, RegionName, 'made active or inactive')
    if ('refused' in found) throw fail(found.refused, found.message)
    const replica = { ...found, status }
    return {
      write: (db) => replaceReplica(db, UserPoolId, replica),
      answer: { UserPoolReplica: replicaType(pool, context.config.accountId, replica) },
    }
  })
})
