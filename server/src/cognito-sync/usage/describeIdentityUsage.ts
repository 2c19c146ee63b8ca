import { findIdentity } from '../../cognito-identity/identities/identity-store.ts'
import { noSuchIdentityText } from '../../cognito-identity/identities/link-refusals.ts'
import { findDatasetsOf } from '../../datasets/dataset-store.ts'
import { storageOf } from '../../datasets/remove-datasets.ts'
import { operation } from '../operation.ts'

/** An identity without datasets was last modified when its logins were. */
export const describeIdentityUsage = operation('DescribeIdentityUsage', async (context, { input, pool, fail }) => {
  const identity = await findIdentity(context.db, input.IdentityId)
  if (identity?.poolId !== pool.id) throw fail('ResourceNotFoundException', noSuchIdentityText(input.IdentityId))
  const datasets = await findDatasetsOf(context.db, identity.id)
  const live = datasets.filter((dataset) => dataset.live)
  return {
    IdentityUsage: {
      IdentityId: identity.id,
      IdentityPoolId: pool.id,
      LastModifiedDate: new Date(Math.max(identity.updatedAt, ...datasets.map(({ updatedAt }) => updatedAt))),
      DatasetCount: live.length,
      DataStorage: storageOf(live),
    },
  }
})
