// The resource that a tag operation names: of this service's resources only user pools have tags.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { poolArn } from '../user-pools/pool-settings.ts'

/**
 * The id in the ARN of a user pool of this account and region. Throws ResourceNotFoundException for every other ARN.
 */
export function taggedPoolId({ config }: Pick<Context, 'config'>, arn: string): string {
  const id = arn.slice(arn.lastIndexOf('/') + 1)
  if (arn !== poolArn(config.region, config.accountId, id))
    throw new ApiError('ResourceNotFoundException', `Resource ${arn} does not exist.`)
  return id
}
