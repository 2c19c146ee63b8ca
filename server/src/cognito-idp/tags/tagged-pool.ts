// The resource that a tag operation names: of this service's resources only user pools have tags.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { SignedCaller } from '../../operation.ts'
import { poolAt } from '../replicas/place-rules.ts'
import { poolArn, regionOfArn } from '../user-pools/pool-settings.ts'

export interface TaggedPool {
  readonly id: string
  /** The region of the ARN: each has tags of its own. */
  readonly region: string
}

/**
 * The user pool of this account in an ARN. Any region of a pool may name any of them, as Terraform does with the ARN of a
 * replica. Throws ResourceNotFoundException for every other ARN.
 */
export async function taggedPool(
  { config, userPools }: Pick<Context, 'config' | 'userPools'>,
  arn: string,
  caller: Pick<SignedCaller, 'region'>,
): Promise<TaggedPool> {
  const id = arn.slice(arn.lastIndexOf('/') + 1)
  const region = regionOfArn(arn)
  const pool = await userPools.pool(id)
  const isSeen = pool ? poolAt(pool, caller) && poolAt(pool, { region }) : region === caller.region
  if (arn !== poolArn(region, config.accountId, id) || !isSeen)
    throw new ApiError('ResourceNotFoundException', `Resource ${arn} does not exist.`)
  return { id, region }
}
