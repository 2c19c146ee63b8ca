import type { Limits } from '../limit.ts'

export const limits = {
  token: { max: 20_000, unit: 'characters', bounds: "token of this server's own that is looked at" },
  tokenLife: {
    max: 24 * 60 * 60 * 1000,
    unit: 'ms',
    bounds: 'life of an access or ID token',
    source: 'docs/reference/user-pools.md 12.4',
  },
} as const satisfies Limits
