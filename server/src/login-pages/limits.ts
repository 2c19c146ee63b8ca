import type { Limits } from '../limit.ts'

export const limits = {
  signInSeconds: {
    max: 300,
    unit: 'seconds',
    bounds: 'the time from the first step of a sign-in on the pages to its end',
    source: 'docs/reference/oauth-and-federation.md 4.4',
  },
} as const satisfies Limits
