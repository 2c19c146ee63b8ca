// The resource that policies are evaluated on, for every operation of user pools (docs/reference/user-pools.md 2.1).

import type { Context } from '../context.ts'
import type { SignedCaller } from '../operation.ts'
import type { Resource } from '../service.ts'
import { poolAt, regionsOf, tagsOf } from './replicas/place-rules.ts'
import { poolArn, regionOfArn } from './user-pools/pool-settings.ts'

/**
 * The user pool that the input names in the caller's region, by id or by ARN; `*` when it names none. An unknown pool has no tags.
 * A promotion acts on the pool in each of its regions: it takes the writes away from one.
 */
export async function userPoolResource(
  { config: { accountId }, userPools }: Pick<Context, 'config' | 'userPools'>,
  operation: string,
  input: Record<string, unknown>,
  caller: Pick<SignedCaller, 'region'>,
): Promise<Resource | readonly Resource[]> {
  const { UserPoolId, ResourceArn } = input as { UserPoolId?: string; ResourceArn?: string }
  const id = UserPoolId ?? ResourceArn?.slice(ResourceArn.lastIndexOf('/') + 1)
  if (id === undefined) return { arn: '*' }
  // Of a pool in several regions each has its ARN and its tags.
  const region = ResourceArn === undefined ? caller.region : regionOfArn(ResourceArn)
  const arn = poolArn(region, accountId, id)
  if (ResourceArn !== undefined && ResourceArn !== arn) return { arn: ResourceArn }
  const pool = await userPools.pool(id)
  const seenIn = (at: string): Resource => {
    const seen = pool && poolAt(pool, { region: at })
    return { arn: poolArn(at, accountId, id), tags: seen && tagsOf(seen) }
  }
  const everywhere = operation === 'PromoteUserPoolReplica' && pool && poolAt(pool, caller)
  return everywhere ? regionsOf(pool).map(seenIn) : seenIn(region)
}
