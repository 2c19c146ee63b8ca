// The resources on which the request path authorizes operations of STS
// (docs/reference/identity-pools-sts-iam-sync.md 15.3, 17).

import type { Config } from '../config/config.ts'
import { federatedUserArn } from '../iam/arn-rules.ts'
import type { Resource } from '../service.ts'

/**
 * The ARN, by operation. The others are not authorized by the request path: GetCallerIdentity and GetSessionToken are
 * allowed to every caller, and the operations that assume a role evaluate its trust policy themselves.
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
