// `resource` at the token endpoint (RFC 8707 2.2): tokens are for the API that was named as the user signed in, and for no other.
import type { SignIn } from '../../cognito-idp/tokens/claims.ts'
import type { Parameters } from '../../http/forms.ts'
import { OAuthError } from '../oauth-error.ts'

/** Throws OAuthError `invalid_target` where a request names another API than the sign-in did. */
export function requireOwnResource(form: Parameters, { audience }: SignIn): void {
  const resource = form.get('resource')
  if (resource !== undefined && resource !== audience) throw new OAuthError('invalid_target')
}
