// Who may call which operation, beside what policies say (docs/reference/identity-pools-sts-iam-sync.md 19.2). Pure.
import type { Refusal } from '../refusal-rules.ts'
import type { OperationName, SigningIdentity } from './operation.ts'

/** `identity`: with credentials that an identity pool gave to an identity; `developer`: with any others. */
type MayCall = 'developer' | 'identity' | 'both'

const callers: Readonly<Record<OperationName, MayCall>> = {
  BulkPublish: 'developer',
  CreateStreamTicket: 'both',
  DeleteDataset: 'both',
  DescribeDataset: 'both',
  DescribeIdentityPoolUsage: 'developer',
  DescribeIdentityUsage: 'both',
  GetBulkPublishDetails: 'developer',
  GetCognitoEvents: 'developer',
  GetIdentityPoolConfiguration: 'developer',
  ListDatasets: 'both',
  ListIdentityPoolUsage: 'developer',
  ListRecords: 'both',
  RegisterDevice: 'identity',
  SetCognitoEvents: 'developer',
  SetIdentityPoolConfiguration: 'developer',
  SubscribeToDataset: 'identity',
  UnsubscribeFromDataset: 'identity',
  UpdateRecords: 'both',
}

const refused = (message: string): Refusal<'NotAuthorizedException'> => ({ refused: 'NotAuthorizedException', message })

const WRONG_KIND = 'This operation cannot be called with the supplied credentials.'
const NOT_OWN = 'An identity may reach its own data only.'

/**
 * Refuses a caller of the wrong kind, and, unless `acrossIdentities` (SYNC_ACROSS_IDENTITIES), an identity that names
 * another identity or pool than its own, whatever its policies allow.
 */
export function callerRefusal(
  operation: OperationName,
  identity: SigningIdentity | undefined,
  named: { IdentityPoolId?: string; IdentityId?: string },
  acrossIdentities: boolean,
): Refusal<'NotAuthorizedException'> | undefined {
  const may = callers[operation]
  if (may !== 'both' && (may === 'identity') !== (identity !== undefined)) return refused(WRONG_KIND)
  if (!identity || acrossIdentities) return undefined
  return named.IdentityId === identity.id && named.IdentityPoolId === identity.poolId ? undefined : refused(NOT_OWN)
}
