// The resource that a tag operation names: an identity pool.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { identityPoolArn } from '../../iam/arn-rules.ts'
import type { SignedCaller } from '../../operation.ts'
import { isPoolId } from '../identity-pools/pool-cache.ts'

/**
 * The id in the ARN of an identity pool of this account and the caller's region. Throws ResourceNotFoundException for
 * every other ARN.
 */
export async function taggedPoolId(
  { config, identityPools }: Pick<Context, 'config' | 'identityPools'>,
  arn: string,
  caller: Pick<SignedCaller, 'region'>,
): Promise<string> {
  const id = arn.slice(arn.lastIndexOf('/') + 1)
  const pool = await identityPools.get(id)
  if (
    !isPoolId(id) ||
    (pool && pool.region !== caller.region) ||
    arn !== identityPoolArn(config.region, config.accountId, id)
  )
    throw new ApiError('ResourceNotFoundException', `Resource ${arn} does not exist.`)
  return id
}
