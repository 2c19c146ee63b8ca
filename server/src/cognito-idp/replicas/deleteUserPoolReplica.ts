import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { changeReplicas } from './change-replicas.ts'
import { replicaType } from './place-rules.ts'
import { deletedReplicaRefusal, secondaryIn } from './replica-rules.ts'
import { deleteReplica } from './replica-store.ts'

/** DeleteUserPoolReplica, of an inactive replica (docs/reference/user-pools.md 18.8). It is gone with the answer, which says DELETING. */
export const deleteUserPoolReplica = operation('DeleteUserPoolReplica', async (context, { input, fail }) => {
  const { UserPoolId, RegionName: region } = input
  return changeReplicas(context, UserPoolId, (pool) => {
    const found = secondaryIn(pool, region, 'deleted')
    if ('refused' in found) throw fail(found.refused, found.message)
    enforce(fail, deletedReplicaRefusal(pool, found))
    return {
      write: (db) => deleteReplica(db, UserPoolId, region),
      answer: { UserPoolReplica: replicaType(pool, context.config.accountId, { region, status: 'DELETING' }) },
    }
  })
})
