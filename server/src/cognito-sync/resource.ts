// The resource that an operation of Cognito Sync acts on (docs/reference/identity-pools-sts-iam-sync.md 17). Pure.
import type { Config } from '../config/config.ts'
import type { Resource } from '../service.ts'
import type { OperationName } from './operation.ts'

/** Operations on a whole identity, although others that name no dataset act on its datasets. */
const ON_IDENTITY: ReadonlySet<OperationName> = new Set([
  'CreateStreamTicket',
  'DescribeIdentityUsage',
  'RegisterDevice',
])

/**
 * A dataset, an identity, a pool, or, without any of them, all pools. Without a name a dataset is `null`, as at AWS
 * (docs/reference/identity-pools-sts-iam-sync.md 16.6).
 */
export function cognitoSyncResource(
  { config: { region, accountId } }: { config: Pick<Config, 'region' | 'accountId'> },
  operation: string,
  input: Record<string, unknown>,
): Resource {
  const { IdentityPoolId, IdentityId, DatasetName = 'null' } = input as Record<string, string | undefined>
  const pool = `arn:aws:cognito-sync:${region}:${accountId}:identitypool/${IdentityPoolId ?? '*'}`
  if (IdentityId === undefined) return { arn: pool }
  const identity = `${pool}/identity/${IdentityId}`
  return { arn: ON_IDENTITY.has(operation as OperationName) ? identity : `${identity}/dataset/${DatasetName}` }
}
