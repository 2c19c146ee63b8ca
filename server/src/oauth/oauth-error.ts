// How OAuth endpoints say no (RFC 6749 4.1.2.1 and 5.2; docs/reference/oauth-and-federation.md 3.7, 5.4).

export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_token_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'login_required'
  | 'consent_required'
  | 'access_denied'
  | 'invalid_redirect_uri'
  | 'invalid_client_metadata'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'invalid_request_uri'
  // RFC 9449 5, 8.
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
  // RFC 8628 3.5.
  | 'authorization_pending'
  | 'slow_down'
  | 'expired_token'
  | 'server_error'
  // Of identity providers, whose errors are passed on.
  | 'access_denied'
  | 'account_selection_required'
  | 'consent_required'
  | 'interaction_required'
  | 'temporarily_unavailable'

/** An error that the application is told: at its redirect URI, or as JSON. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode
  /** For developers: `error_description`, in ASCII. */
  readonly description: string | undefined
  /** Of an answer as JSON. */
  readonly status: 400 | 401 | 403
  /** Of the same. */
  readonly headers: Readonly<Record<string, string>>
  constructor(
    code: OAuthErrorCode,
    description?: string,
    status: 400 | 401 | 403 = 400,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${code}: ${description ?? ''}`)
    this.code = code
    this.description = description
    this.status = status
    this.headers = headers
  }
}

/**
 * A request that cannot be trusted to say where its answer goes: the user is shown the page `/error`, and nobody is
 * redirected (RFC 6749 4.1.2.1; RFC 9700 4.11).
 */
export class Unredirectable extends Error {
  readonly code:
    | 'redirect_mismatch'
    | 'invalid_client'
    | 'invalid_request'
    | 'invalid_request_uri'
    | 'unknown_provider'
    | 'invalid_state'
  constructor(code: Unredirectable['code']) {
    super(`not redirected: ${code}`)
    this.code = code
  }
}
