// Whether a provider has to ask its user anew. Cognito's requests say nothing of it, and so do ours for applications
// (docs/behaviour/federation.md); pages of the account on which users change what they sign in with must not open for whoever
// finds a browser that is still signed in at the provider. Pure.
import type { AuthorizationRequest } from '../authorize/read-request.ts'
import { limits } from '../limits.ts'

/** The age in seconds that a sign-in at the provider may have; undefined where any is good. */
export const wantedAge = ({ ownPage, maxAge }: Pick<AuthorizationRequest, 'ownPage' | 'maxAge'>): number | undefined =>
  ownPage !== undefined && maxAge !== undefined && maxAge < limits.browserSessionSeconds.max ? maxAge : undefined
