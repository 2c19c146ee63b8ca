// The errors of STS for SAML responses that are refused: texts that clients of the service see (docs/behaviour/sts.md).
import type { SamlRefusal } from '../../saml/refusal.ts'

type ErrorName = 'InvalidIdentityTokenException' | 'ExpiredTokenException'

const invalid = (message: string) => ['InvalidIdentityTokenException', message] as const
const unreadable = invalid('Invalid SAML response')
const badSignature = invalid('Response signature invalid')
const outOfTime = ['ExpiredTokenException', 'Token must be redeemed within 5 minutes of issuance'] as const

export const samlRefusalWords: Readonly<Record<SamlRefusal, readonly [name: ErrorName, message: string]>> = {
  malformed: invalid('Invalid base64 SAMLResponse'),
  'wrong-shape': unreadable,
  'bad-metadata': invalid('Could not parse metadata'),
  'metadata-expired': invalid('Metadata of the specified provider is expired'),
  'not-signed': badSignature,
  'bad-signature': badSignature,
  'unsupported-algorithm': badSignature,
  'encrypted-assertion': invalid('Assertion is encrypted, and the specified provider has no private key'),
  'not-encrypted': invalid('Assertion is not encrypted, as the specified provider requires'),
  'bad-encryption': invalid('Assertion cannot be decrypted'),
  // No request is answered here.
  'wrong-request': unreadable,
  'status-not-success': unreadable,
  'wrong-issuer': invalid('Issuer not present in specified provider'),
  'wrong-audience': invalid('Response does not contain the required audience.'),
  'wrong-recipient': invalid('Response does not contain the required audience.'),
  'not-yet-valid': outOfTime,
  expired: outOfTime,
}

export const unknownProvider = invalid("Specified provider doesn't exist")
export const samlOutOfTime = outOfTime
