// The ARN of the resource that an operation acts on: a default rule and few exceptions (user-pools reference 2.1). Pure.

import { poolArn } from '../cognito-idp/user-pools/pool-settings.ts'
import type { Config } from '../config/config.ts'

/** The user pool that the input names, by id or by ARN; `*` when it names none. */
export function resourceArn(config: Pick<Config, 'region' | 'accountId'>, input: Record<string, unknown>): string {
  const { UserPoolId, ResourceArn } = input as { UserPoolId?: string; ResourceArn?: string }
  if (UserPoolId !== undefined) return poolArn(config.region, config.accountId, UserPoolId)
  return ResourceArn ?? '*'
}
