// The quotas of an account (docs/reference/identity-pools-sts-iam-sync.md 16.1, 18.3; the rest as AWS documents its
// defaults): IAM enforces them, and GetAccountSummary returns them.
import type { EntityKind } from './entity-types.ts'

/** Entities of a kind in the account, and the name of the quota in messages. */
export const entityQuotas: Readonly<Record<EntityKind, { most: number; name: string }>> = {
  role: { most: 1000, name: 'RolesPerAccount' },
  user: { most: 5000, name: 'UsersPerAccount' },
  group: { most: 300, name: 'GroupsPerAccount' },
  policy: { most: 1500, name: 'PoliciesPerAccount' },
  'oidc-provider': { most: 100, name: 'OpenIdConnectProvidersPerAccount' },
  'saml-provider': { most: 100, name: 'SAMLProvidersPerAccount' },
}

/** Kinds of entities that have inline and attached policies. */
export type HolderKind = 'role' | 'user' | 'group'

/** Managed policies attached to one role, user or group. */
export const attachmentQuotas: Readonly<Record<HolderKind, { most: number; name: string }>> = {
  role: { most: 10, name: 'PoliciesPerRole' },
  user: { most: 10, name: 'PoliciesPerUser' },
  group: { most: 10, name: 'PoliciesPerGroup' },
}

/** Characters without white space in all inline policies of one role, user or group. */
export const inlineSizeQuotas: Readonly<Record<HolderKind, number>> = { role: 10_240, user: 2048, group: 5120 }

/** Characters without white space. For trust policies AWS has 2048, adjustable up to 4096. */
export const POLICY_SIZE = 6144
export const TRUST_POLICY_SIZE = 4096

export const VERSIONS_PER_POLICY = 5
/** Returned but not enforced: the other quotas allow fewer. */
export const POLICY_VERSIONS_IN_USE = 10_000
export const TAGS_PER_ENTITY = 50
export const GROUPS_PER_USER = 10
export const ACCESS_KEYS_PER_USER = 2
