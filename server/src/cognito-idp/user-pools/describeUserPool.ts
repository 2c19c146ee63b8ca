import { operation } from '../operation.ts'
import { userPoolType } from './pool-type.ts'
import { readPool } from './read-pool.ts'

export const describeUserPool = operation('DescribeUserPool', async (context, { input }) => {
  const [pool, users] = await Promise.all([
    readPool(context, input.UserPoolId),
    context.userCounts.estimate(input.UserPoolId),
  ])
  return { UserPool: userPoolType(context.config, pool, users) }
})
