import type { Limits } from '../limit.ts'

export const limits = {
  // A quota, not an invariant: concurrent requests may exceed it.
  identityPools: { max: 1000, bounds: 'identity pools', source: 'docs/reference/identity-pools-sts-iam-sync.md 11' },
  userPoolsPerPool: {
    max: 50,
    bounds: 'user pool clients that an identity pool trusts',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 11',
  },
  roleRules: { max: 25, bounds: 'rules of a role mapping', source: 'docs/reference/identity-pools-sts-iam-sync.md 11' },
  loginsPerIdentity: {
    max: 20,
    bounds: 'logins of an identity, developer user identifiers among them',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 11',
  },
  principalTags: {
    max: 50,
    bounds: 'principal tags of a provider',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 8',
  },
  principalTag: {
    max: 460,
    unit: 'bytes',
    bounds: 'key and value of a principal tag together',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 8',
  },
  // The longest chain of mergers that is followed.
  mergers: { max: 32, bounds: 'identities merged into one another that are followed from an old id' },
} as const satisfies Limits
