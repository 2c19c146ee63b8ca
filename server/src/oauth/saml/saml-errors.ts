// What an application is told of a SAML sign-in that failed (docs/reference/oauth-and-federation.md 22.5, 24). The log gets the
// details, which help whoever runs the identity provider, or whoever attacks it.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { Refused, SamlRefusal } from '../../saml/refusal.ts'
import { OAuthError } from '../oauth-error.ts'

const UNREADABLE = 'The response cannot be read'

const texts: Readonly<Record<Exclude<SamlRefusal, 'bad-signature'>, string>> = {
  malformed: UNREADABLE,
  'wrong-shape': UNREADABLE,
  'bad-metadata': 'The metadata of the identity provider cannot be read',
  'metadata-expired': 'The metadata of the identity provider have expired',
  'not-signed': 'SAML Assertion signature is missing',
  'unsupported-algorithm': 'The algorithm of a signature is not supported',
  'encrypted-assertion': 'Encrypted assertions are not expected',
  'not-encrypted': 'The assertion is not encrypted',
  'bad-encryption': 'The assertion cannot be decrypted',
  'status-not-success': 'The identity provider has not signed the user in',
  'wrong-issuer': 'Issuer is not the identity provider',
  'wrong-audience': 'Audience restriction does not have the entity ID of the user pool',
  'wrong-recipient': 'Recipient or Destination is not the assertion consumer service',
  'wrong-request': 'InResponseTo is not the request',
  'not-yet-valid': 'The assertion is not valid yet',
  expired: 'The assertion has expired',
}

export const samlError = (reason: string): OAuthError =>
  new OAuthError('server_error', `Invalid SAML response received: ${reason}.`)

/** The error of a response that is refused, which is logged. */
export function refusedError(
  { log }: Pick<Context, 'log'>,
  { refused, detail }: Refused,
  of: { pool: string; provider: string },
): OAuthError {
  log.info({ ...of, refused, detail }, 'a SAML response is refused')
  if (refused !== 'bad-signature') return samlError(texts[refused])
  return samlError(`SAML ${/\bResponse\b/.test(detail) ? 'Response' : 'Assertion'} signature is invalid`)
}

/** The error of a sign-in whose response was right: where attributes do not fit, it is a fault of the response as well. */
export const samlSignInError = (error: unknown): unknown =>
  error instanceof ApiError && error.message.startsWith('Invalid user attributes')
    ? samlError(error.message.replace(/\.$/, ''))
    : error
