import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { changeReplicas } from './change-replicas.ts'
import { replicaType } from './place-rules.ts'
import { newReplicaRefusal } from './replica-rules.ts'
import type { Replica } from './replica-settings.ts'
import { insertReplica } from './replica-store.ts'

/**
 * CreateUserPoolReplica (docs/reference/user-pools.md 18.8). The answer says CREATING, as the service's does; the replica is there
 * with it, as it is on the same database.
 */
export const createUserPoolReplica = operation('CreateUserPoolReplica', async (context, { input, fail }) => {
  const { UserPoolId, RegionName: region, UserPoolTags: tags = {} } = input
  const { regions, accountId } = context.config
  return changeReplicas(context, UserPoolId, (pool) => {
    enforce(fail, newReplicaRefusal(pool, region, tags, regions))
    const replica: Replica = { region, status: 'INACTIVE', tags }
    return {
      write: (db) => insertReplica(db, UserPoolId, replica),
      answer: { UserPoolReplica: replicaType(pool, accountId, { region, status: 'CREATING' }) },
    }
  })
})
