import type { Limits } from '../limit.ts'

export const limits = {
  signInSeconds: {
    max: 300,
    unit: 'seconds',
    bounds: 'the time from the first step of a sign-in on the pages to its end',
    source: 'docs/reference/oauth-and-federation.md 4.4',
  },
  freshSignInSeconds: {
    max: 600,
    unit: 'seconds',
    bounds: 'the age of a sign-in with which users may change what they sign in with, on the pages of their account',
    source: 'docs/behaviour/account-page.md',
  },
} as const satisfies Limits
