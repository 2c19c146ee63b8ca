import { operation } from '../operation.ts'
import { readIdentityPool } from './change-pool.ts'
import { identityPoolType } from './pool-type.ts'

export const describeIdentityPool = operation('DescribeIdentityPool', async (context, { input }) =>
  identityPoolType(await readIdentityPool(context, input.IdentityPoolId)),
)
