import type { Limits } from '../limit.ts'

const HOUR = 3600

export const limits = {
  chainedSession: {
    max: HOUR,
    unit: 'seconds',
    bounds: 'session of a role that a session assumed',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 15.5',
  },
  rootSession: {
    max: HOUR,
    unit: 'seconds',
    bounds: "session of the account's root",
    source: 'docs/reference/identity-pools-sts-iam-sync.md 15.2',
  },
  sessionTags: { max: 50, bounds: 'tags of a session', source: 'docs/reference/identity-pools-sts-iam-sync.md 15.2' },
  policyArns: {
    max: 10,
    bounds: 'managed policies that restrict a session',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 15.2',
  },
  // Fits, with the rest of a session, into the longest session token.
  packed: { max: 2048, unit: 'bytes', bounds: 'policies and tags of a session, packed' },
  samlAge: {
    max: 5 * 60 * 1000,
    unit: 'ms',
    bounds: 'age of a SAML response that is redeemed',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 15.5',
  },
  encodedMessage: {
    max: 10_240,
    unit: 'characters',
    bounds: 'encoded message of a denial',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 15.2',
  },
} as const satisfies Limits
