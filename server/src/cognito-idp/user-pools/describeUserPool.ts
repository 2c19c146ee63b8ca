import { operation } from '../operation.ts'
import { seenBy } from '../replicas/place-rules.ts'
import { userPoolType } from './pool-type.ts'
import { readPool } from './read-pool.ts'

export const describeUserPool = operation('DescribeUserPool', async (context, { input, caller }) => {
  const [pool, users] = await Promise.all([
    readPool(context, input.UserPoolId),
    context.userCounts.estimate(input.UserPoolId),
  ])
  return { UserPool: userPoolType(context.config, seenBy(pool, caller), users) }
})
