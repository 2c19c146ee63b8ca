// The resource that a tag operation names: of this service's resources only user pools have tags.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { SignedCaller } from '../../operation.ts'
import { poolAt } from '../replicas/place-rules.ts'
import { poolArn } from '../user-pools/pool-settings.ts'

/**
 * The id in the ARN of a user pool of this account and the caller's region. Throws ResourceNotFoundException for every
 * other ARN.
 */
export async function taggedPoolId(
  { config, userPools }: Pick<Context, 'config' | 'userPools'>,
  arn: string,
  caller: Pick<SignedCaller, 'region'>,
): Promise<string> {
  const id = arn.slice(arn.lastIndexOf('/') + 1)
  const pool = await userPools.pool(id)
  if (arn !== poolArn(caller.region, config.accountId, id) || (pool && !poolAt(pool, caller)))
    throw new ApiError('ResourceNotFoundException', `Resource ${arn} does not exist.`)
  return id
}
