// The errors of STS for web identity tokens that are refused (docs/reference/identity-pools-sts-iam-sync.md 15.6).

/** Why a web identity token is refused. */
export type TokenRefusal =
  | { refused: 'malformed' }
  | { refused: 'no-provider'; issuer: string }
  | { refused: 'audience' }
  | { refused: 'signature' }
  | { refused: 'unreachable' }
  /** Epoch seconds. */
  | { refused: 'expired'; now: number; expiredAt: number }
  | { refused: 'not-yet-valid' }
  /** Invalid session tags or source identity. */
  | { refused: 'tags' }
  /** The provider of an access token refused it. */
  | { refused: 'rejected' }
  | { refused: 'unknown-provider-id'; providerId: string }

type ErrorName =
  | 'InvalidIdentityTokenException'
  | 'ExpiredTokenException'
  | 'IDPRejectedClaimException'
  | 'IDPCommunicationErrorException'
  | 'ValidationError'

/** Name and text of the error for a refusal. */
export function tokenRefusalWords(refusal: TokenRefusal): readonly [name: ErrorName, message: string] {
  switch (refusal.refused) {
    case 'malformed':
      return [
        'InvalidIdentityTokenException',
        'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
      ]
    case 'no-provider':
      return ['InvalidIdentityTokenException', `No OpenIDConnect provider found in your account for ${refusal.issuer}`]
    case 'audience':
      return ['InvalidIdentityTokenException', 'Incorrect token audience']
    case 'signature':
      // Two blanks, as in the text of AWS.
      return [
        'InvalidIdentityTokenException',
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
      ]
    case 'unreachable':
      return ['IDPCommunicationErrorException', 'The identity provider could not be reached.']
    case 'expired':
      return [
        'ExpiredTokenException',
        `Token expired: current date/time ${refusal.now} must be before the expiration date/time ${refusal.expiredAt}`,
      ]
    case 'not-yet-valid':
      return ['InvalidIdentityTokenException', 'The ID Token provided is not valid yet.']
    case 'tags':
      return ['InvalidIdentityTokenException', 'The session tags or the source identity in the token are not valid.']
    case 'rejected':
      return ['IDPRejectedClaimException', 'The identity provider rejected the token.']
    case 'unknown-provider-id':
      return ['ValidationError', `Unsupported provider: ${refusal.providerId}`]
  }
}
