import type { Limits } from '../limit.ts'

export const limits = {
  token: {
    max: 50_000,
    unit: 'characters',
    bounds: 'token of a login',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 1.2',
  },
  providerKeys: { max: 100, bounds: 'keys that are read of one provider' },
  // Also how long a withdrawn key is accepted.
  keysFresh: { max: 10 * 60 * 1000, unit: 'ms', bounds: "age of a provider's keys before they are fetched again" },
  keysStale: { max: 60 * 60 * 1000, unit: 'ms', bounds: 'age of keys that go on while the provider does not answer' },
  clockSkew: {
    max: 300,
    unit: 'seconds',
    bounds: "difference of a provider's clock",
    source: 'docs/reference/identity-pools-sts-iam-sync.md 4.2',
  },
} as const satisfies Limits
