import { findDataset } from '../../datasets/dataset-store.ts'
import { operation } from '../operation.ts'
import { datasetType, noSuchDatasetText } from './dataset-type.ts'

export const describeDataset = operation('DescribeDataset', async (context, { input, pool, fail }) => {
  const dataset = await findDataset(context.db, input.IdentityId, input.DatasetName)
  if (!dataset?.live || dataset.poolId !== pool.id)
    throw fail('ResourceNotFoundException', noSuchDatasetText(input.DatasetName))
  return { Dataset: datasetType(dataset) }
})
