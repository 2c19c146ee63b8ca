import { listDatasets as listStored } from '../../datasets/dataset-store.ts'
import { pageOf, positionOf } from '../../pagination.ts'
import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { pageRefusal, pageSize } from '../page-size.ts'
import { datasetType } from './dataset-type.ts'

/** In the order of names; an unknown identity has none (docs/reference/identity-pools-sts-iam-sync.md 19.2). */
export const listDatasets = operation('ListDatasets', async (context, { input, pool, fail }) => {
  enforce(fail, pageRefusal(input.MaxResults))
  const size = pageSize(input.MaxResults)
  const scope = { operation: 'ListDatasets', request: [input.IdentityPoolId, input.IdentityId] }
  const [after = ''] = positionOf(context, scope, input.NextToken) ?? []
  const rows = pool ? await listStored(context.db, input.IdentityId, after, size + 1) : []
  const own = rows.filter(({ poolId }) => poolId === pool?.id)
  const { entries, token } = pageOf(context, scope, own, size, ({ name }) => [name])
  return { Datasets: entries.map(datasetType), Count: entries.length, NextToken: token }
})
