// Why a signed request is refused: codes and texts of the JSON services
// (docs/reference/identity-pools-sts-iam-sync.md 14.3); the query services have other codes for
// the same errors (api/protocols/aws-query.ts). Clients match on these texts.

export type SignatureErrorCode =
  | 'MissingAuthenticationTokenException'
  | 'UnrecognizedClientException'
  | 'ExpiredTokenException'
  | 'InvalidSignatureException'
  | 'IncompleteSignatureException'

/** `code` and `message` go to the client. `detail` says which rule was broken: for the log, not for the answer. */
export interface SignatureRefusal {
  code: SignatureErrorCode
  message: string
  detail?: string
}

/** The request carries no signature and the operation needs one. */
export const missingAuthentication: SignatureRefusal = {
  code: 'MissingAuthenticationTokenException',
  message: 'Missing Authentication Token',
}

/**
 * Unknown or deleted access key, or a session token that is missing, superfluous or of another key
 * (docs/reference/identity-pools-sts-iam-sync.md 14.1.7).
 */
export const unrecognizedClient: SignatureRefusal = {
  code: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid.',
}

/** The session token is valid but expired. */
export const expiredToken: SignatureRefusal = {
  code: 'ExpiredTokenException',
  message: 'The security token included in the request is expired',
}

export function incomplete(message: string): SignatureRefusal {
  return { code: 'IncompleteSignatureException', message }
}

export function invalid(message: string): SignatureRefusal {
  return { code: 'InvalidSignatureException', message }
}

/** The answer to every violation that has no text of its own. */
export function mismatch(detail: string): SignatureRefusal {
  return {
    code: 'InvalidSignatureException',
    message:
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
      'and signing method. Consult the service documentation for details.',
    detail,
  }
}
