import { operation } from '../operation.ts'
import { poolAt } from '../replicas/place-rules.ts'
import { userPoolType } from './pool-type.ts'
import { readPool } from './read-pool.ts'

export const describeUserPool = operation('DescribeUserPool', async (context, { input, caller, fail }) => {
  const [pool, users] = await Promise.all([
    readPool(context, input.UserPoolId),
    context.userCounts.estimate(input.UserPoolId),
  ])
  const seen = poolAt(pool, caller)
  if (!seen) throw fail('ResourceNotFoundException', `User pool ${pool.id} does not exist.`)
  return { UserPool: userPoolType(context.config, seen, users) }
})
