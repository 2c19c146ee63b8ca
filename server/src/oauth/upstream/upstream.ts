// What a kind of identity provider does in a sign-in: sends the browser to the provider, and makes a profile of what comes
// back. Each kind is a file here and a row of upstreams.ts; the round trip that all share is begin.ts and finish.ts.
// docs/reference/oauth-and-federation.md 19, 21.

import type { Profile } from '../../cognito-idp/identities/profile.ts'
import type { IdentityProvider } from '../../cognito-idp/identity-providers/provider-store.ts'
import type { Context } from '../../context.ts'
import type { Parameters } from '../../http/forms.ts'
import type { AuthorizationRequest } from '../authorize/read-request.ts'

/** One round trip to a provider. Everything in it is the same at its beginning and its end (state.ts keeps it). */
export interface Leg {
  readonly provider: IdentityProvider
  /** What the application has asked of the pool: prompt, login_hint and the like. */
  readonly asked: AuthorizationRequest
  /** Names the round trip, unpredictable: 22 characters of base64url. A SAML request has the ID `_` and this. */
  readonly id: string
  /** The claim of an ID token (OpenID Connect Core 3.1.2.1). */
  readonly nonce: string
  /** RFC 7636 4.1. */
  readonly codeVerifier: string
  /** The URL of the pool's endpoints, without a trailing slash: `/oauth2/idpresponse` and `/saml2/idpresponse` are below. */
  readonly base: string
  /** Epoch milliseconds. */
  readonly begunAt: number
}

export interface Upstream {
  /** The URL at the provider that the browser is sent to. `state`: what the provider must send back (state, RelayState). */
  readonly begin: (context: Context, leg: Leg, state: string) => URL | Promise<URL>
  /**
   * The user whom the provider's answer is of. `answer`: the parameters that came to the callback, without the state, which
   * was checked. Throws OAuthError for the application, with the texts of docs/reference/oauth-and-federation.md 24; an
   * answer with `error` is not given to it.
   */
  readonly finish: (context: Context, leg: Leg, answer: Parameters) => Promise<Profile>
}
