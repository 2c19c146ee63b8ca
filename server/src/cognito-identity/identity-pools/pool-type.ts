// A stored pool as the API shows it.
import type { IdentityPool as IdentityPoolType } from '../../contract/cognito-identity.types.ts'
import type { IdentityPool } from './pool-store.ts'

export function identityPoolType({ id, settings }: IdentityPool): IdentityPoolType {
  const { Roles, RoleMappings, principalTagMaps, ...shown } = settings
  return { IdentityPoolId: id, ...shown }
}
