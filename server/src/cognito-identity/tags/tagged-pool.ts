// The resource that a tag operation names: an identity pool.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { identityPoolArn } from '../../iam/arn-rules.ts'
import { isPoolId } from '../identity-pools/pool-cache.ts'

/** The id in the ARN of an identity pool of this account and region. Throws ResourceNotFoundException for every other ARN. */
export function taggedPoolId({ config }: Pick<Context, 'config'>, arn: string): string {
  const id = arn.slice(arn.lastIndexOf('/') + 1)
  if (!isPoolId(id) || arn !== identityPoolArn(config.region, config.accountId, id))
    throw new ApiError('ResourceNotFoundException', `Resource ${arn} does not exist.`)
  return id
}
