// PromoteUserPoolReplica (beyond Cognito, which has no way to move the primary region): a secondary region becomes the primary
// one, and the primary one secondary (docs/behaviour/replicas.md).
import { operation } from '../operation.ts'
import { movePool } from '../user-pools/pool-store.ts'
import { changeReplicas } from './change-replicas.ts'
import { replicaType } from './place-rules.ts'
import { promoted, secondaryIn } from './replica-rules.ts'
import { deleteReplica, insertReplica } from './replica-store.ts'

/** From any region of the pool: the primary one may be out of reach. */
export const promoteUserPoolReplica = operation('PromoteUserPoolReplica', async (context, { input, fail }) => {
  const { UserPoolId, RegionName: region } = input
  const answer = await changeReplicas(context, UserPoolId, (pool) => {
    const found = secondaryIn(pool, region, 'promoted')
    if ('refused' in found) throw fail(found.refused, found.message)
    const { settings, secondary } = promoted(pool, found)
    return {
      settings,
      write: async (db) => {
        await deleteReplica(db, UserPoolId, region)
        await insertReplica(db, UserPoolId, secondary)
        await movePool(db, UserPoolId, region)
      },
      answer: {
        UserPoolReplica: replicaType({ ...pool, region }, context.config.accountId, { region, status: 'ACTIVE' }),
      },
    }
  })
  context.log.info({ pool: UserPoolId, region }, 'a region has become the primary one of a user pool')
  return answer
})
