// What the path authorizes of STS (docs/reference/identity-pools-sts-iam-sync.md 15.3, 17).

import type { Config } from '../config/config.ts'
import { federatedUserArn } from '../iam/arn-rules.ts'
import type { Resource } from '../service.ts'

/**
 * Undefined where the path decides nothing: GetCallerIdentity and GetSessionToken are everybody's, and who may assume a
 * role is decided by its trust policy, in the operation.
 */
const resources: Readonly<Record<string, (accountId: string, input: Record<string, unknown>) => string>> = {
  GetFederationToken: (accountId, input) => federatedUserArn(accountId, input['Name'] as string),
  GetAccessKeyInfo: () => '*',
  DecodeAuthorizationMessage: () => '*',
}

export function stsResource(
  { accountId }: Pick<Config, 'accountId'>,
  operation: string,
  input: Record<string, unknown>,
): Resource | undefined {
  const arn = Object.hasOwn(resources, operation) ? resources[operation]?.(accountId, input) : undefined
  return arn === undefined ? undefined : { arn }
}
