import type { Limits } from '../limit.ts'

export const limits = {
  form: {
    max: 160 * 1024,
    unit: 'bytes',
    bounds: 'the body of a form: a SAML response of 100,000 characters, escaped',
    source: 'docs/reference/oauth-and-federation.md 22.3',
  },
  codeSeconds: {
    max: 300,
    unit: 'seconds',
    bounds: 'the lifetime of an authorization code',
    source: 'docs/reference/oauth-and-federation.md 3.6',
  },
  browserSessionSeconds: {
    max: 3600,
    unit: 'seconds',
    bounds: "the lifetime of a browser's session, from the last sign-in that somebody typed",
    source: 'docs/reference/oauth-and-federation.md 9',
  },
  upstreamSeconds: {
    max: 300,
    unit: 'seconds',
    bounds: 'a round trip to an identity provider',
    source: 'docs/reference/oauth-and-federation.md 19.6',
  },
  initiatedAge: {
    max: 360,
    unit: 'seconds',
    bounds: 'the age of an assertion of a sign-in that a SAML provider initiates',
    source: 'docs/reference/oauth-and-federation.md 22.4',
  },
  clientAssertionSeconds: {
    max: 600,
    unit: 'seconds',
    bounds: 'how long a token by which a client authenticates may still be good',
    source: 'docs/decisions/beyond-cognito.md',
  },
  pushedRequestSeconds: {
    max: 90,
    unit: 'seconds',
    bounds: 'how long an authorization request that was pushed waits for its browser',
    source: 'docs/behaviour/oauth.md',
  },
  pushedRequest: {
    max: 4096,
    unit: 'bytes',
    bounds:
      'the parameters of an authorization request that is pushed: the address that stands for them has them, sealed',
    source: 'docs/behaviour/oauth.md',
  },
  begunRequestSeconds: {
    max: 3600,
    unit: 'seconds',
    bounds: 'the time that a user has to sign in for a request that was pushed, or on another device',
    source: 'docs/behaviour/oauth.md',
  },
  proof: { max: 4096, unit: 'characters', bounds: 'a DPoP proof', source: 'docs/behaviour/oauth.md' },
  proofSeconds: {
    max: 300,
    unit: 'seconds',
    bounds: 'how far the time in a DPoP proof may be off, and the age of a nonce in one',
    source: 'docs/behaviour/oauth.md',
  },
  deviceGrantSeconds: {
    max: 600,
    unit: 'seconds',
    bounds: 'how long a device waits for its user to type the code',
    source: 'docs/behaviour/oauth.md',
  },
  actors: {
    max: 5,
    bounds: 'actors in a token that was exchanged, one after the other',
    source: 'docs/behaviour/oauth.md',
  },
  logoutTokenSeconds: {
    max: 120,
    unit: 'seconds',
    bounds: 'the lifetime of a token by which an application is told of a sign-out',
    source: 'OpenID Connect Back-Channel Logout 1.0 section 4',
  },
  logoutNoticeSeconds: {
    max: 86_400,
    unit: 'seconds',
    bounds: 'how long it is tried to tell an application of a sign-out',
  },
  logoutAnswer: { max: 16 * 1024, unit: 'bytes', bounds: 'the answer of an application that is told of a sign-out' },
  consentSeconds: { max: 600, unit: 'seconds', bounds: 'the time that a user has to allow or cancel' },
  registration: { max: 64 * 1024, unit: 'bytes', bounds: 'the JSON with which an application registers itself' },
  registeredRedirects: {
    max: 100,
    bounds: 'redirect URIs of an application that registers itself',
    source: 'docs/reference/user-pools.md 6.1',
  },
  registeredRedirect: { max: 1024, unit: 'characters', bounds: 'one of them' },
  parameter: { max: 2048, unit: 'characters', bounds: 'a parameter that is echoed, such as state or nonce' },
} as const satisfies Limits
