import { operation } from '../operation.ts'
import { poolUsageType } from './usage-type.ts'

export const describeIdentityPoolUsage = operation('DescribeIdentityPoolUsage', async (context, { pool }) => {
  const usages = await context.datasetUsage.read([pool.id])
  return { IdentityPoolUsage: poolUsageType(pool, usages.get(pool.id)) }
})
