// The quotas of an account (docs/reference/identity-pools-sts-iam-sync.md 16.1, 18.3; the rest as AWS documents
// its defaults): IAM enforces them, and GetAccountSummary returns them.
import type { Limit, Limits } from '../limit.ts'
import type { EntityKind } from './entity-types.ts'

/** A limit that messages of IAM call by a name. */
export interface Quota extends Limit {
  readonly name: string
}

const SOURCE = 'docs/reference/identity-pools-sts-iam-sync.md 18.3'

/** Entities of a kind in the account. */
export const entityQuotas: Readonly<Record<EntityKind, Quota>> = {
  role: { max: 1000, name: 'RolesPerAccount', bounds: 'roles', source: SOURCE },
  user: { max: 5000, name: 'UsersPerAccount', bounds: 'users of IAM', source: SOURCE },
  group: { max: 300, name: 'GroupsPerAccount', bounds: 'groups of IAM', source: SOURCE },
  policy: { max: 1500, name: 'PoliciesPerAccount', bounds: 'managed policies' },
  'oidc-provider': {
    max: 100,
    name: 'OpenIdConnectProvidersPerAccount',
    bounds: 'OpenID Connect providers',
    source: SOURCE,
  },
  'saml-provider': { max: 100, name: 'SAMLProvidersPerAccount', bounds: 'SAML providers', source: SOURCE },
}

/** Two, so that a provider can change its key without a pause. */
export const samlQuotas = {
  privateKeys: { max: 2, name: 'PrivateKeysPerSAMLProvider', bounds: 'private keys of a SAML provider' },
} as const satisfies Readonly<Record<string, Quota>>

/** What has inline policies and attachments. */
export type HolderKind = 'role' | 'user' | 'group'

export const attachmentQuotas: Readonly<Record<HolderKind, Quota>> = {
  role: { max: 10, name: 'PoliciesPerRole', bounds: 'managed policies attached to a role', source: SOURCE },
  user: { max: 10, name: 'PoliciesPerUser', bounds: 'managed policies attached to a user of IAM', source: SOURCE },
  group: { max: 10, name: 'PoliciesPerGroup', bounds: 'managed policies attached to a group of IAM', source: SOURCE },
}

const SIZES = 'docs/reference/identity-pools-sts-iam-sync.md 16.1'
const ofInlinePolicies = { unit: 'characters', source: SIZES } as const

/** Characters but white space in all inline policies of one holder. */
export const inlineSizes: Readonly<Record<HolderKind, Limit>> = {
  role: { ...ofInlinePolicies, max: 10_240, bounds: 'all inline policies of a role, white space not counted' },
  user: { ...ofInlinePolicies, max: 2048, bounds: 'all inline policies of a user of IAM, white space not counted' },
  group: { ...ofInlinePolicies, max: 5120, bounds: 'all inline policies of a group of IAM, white space not counted' },
}

const named = {
  policySize: {
    max: 6144,
    name: 'PolicySize',
    unit: 'characters',
    bounds: 'document of a managed policy, white space not counted',
    source: SIZES,
  },
  // AWS has 2048, adjustable up to 4096.
  trustPolicySize: {
    max: 4096,
    name: 'ACLSizePerRole',
    unit: 'characters',
    bounds: 'trust policy of a role, white space not counted',
    source: SIZES,
  },
  groupsPerUser: { max: 10, name: 'GroupsPerUser', bounds: 'groups of a user of IAM', source: SOURCE },
  accessKeysPerUser: { max: 2, name: 'AccessKeysPerUser', bounds: 'access keys of a user of IAM', source: SOURCE },
  clientIdsPerProvider: {
    max: 100,
    name: 'ClientIdsPerOpenIdConnectProvider',
    bounds: 'client ids of an OpenID Connect provider',
    source: SOURCE,
  },
} as const satisfies Readonly<Record<string, Quota>>

export const limits = {
  ...named,
  versionsPerPolicy: { max: 5, bounds: 'versions of a managed policy', source: SOURCE },
  tagsPerEntity: { max: 50, bounds: 'tags of a role, user, policy or provider', source: SOURCE },
  page: {
    max: 100,
    bounds: 'entries of a page of a list of IAM, where the request names no number',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 18.1',
  },
  simulatedSteps: {
    max: 400_000,
    bounds: 'comparisons of a page of a simulation, after which the page ends before it has MaxItems results',
  },
  thumbprints: { max: 5, bounds: 'thumbprints of an OpenID Connect provider', source: SOURCE },
} as const satisfies Limits

/** Told by GetAccountSummary, and never reached: policies have fewer versions together. */
export const POLICY_VERSIONS_IN_USE = 10_000
