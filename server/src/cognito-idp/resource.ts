// The resource that an operation of user pools acts on: one rule (user-pools reference 2.1). Pure.
import type { Resource } from '../authorization/authorize.ts'
import type { Config } from '../config/config.ts'
import type { UserPoolResources } from './identify.ts'
import { poolArn } from './user-pools/pool-settings.ts'

/** The user pool that the input names, by id or by ARN; `*` when it names none. */
export function userPoolResource(
  { region, accountId }: Pick<Config, 'region' | 'accountId'>,
  _operation: string,
  input: Record<string, unknown>,
  { pool }: UserPoolResources,
): Resource {
  const { UserPoolId, ResourceArn } = input as { UserPoolId?: string; ResourceArn?: string }
  if (UserPoolId !== undefined)
    return { arn: poolArn(region, accountId, UserPoolId), tags: pool?.settings.UserPoolTags }
  return { arn: ResourceArn ?? '*' }
}
