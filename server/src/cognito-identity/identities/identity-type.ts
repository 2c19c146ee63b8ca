// A stored identity as the API shows it: the providers of its logins, never their subjects
// (docs/reference/identity-pools-sts-iam-sync.md 3). A guest has no Logins.
import type { IdentityDescription } from '../../contract/cognito-identity.types.ts'
import type { Identity } from './identity-store.ts'

export function identityType({ id, logins, createdAt, updatedAt }: Identity): IdentityDescription {
  const providers = [...new Set(logins.map(({ provider }) => provider))].sort()
  return {
    IdentityId: id,
    ...(providers.length > 0 && { Logins: providers }),
    CreationDate: new Date(createdAt),
    LastModifiedDate: new Date(updatedAt),
  }
}
