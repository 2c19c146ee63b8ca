// X.509 certificates of RSA keys (RFC 5280 4.1): self-signed ones, which SAML publishes keys by, and those of the local
// authority (local-tls.ts).
import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { Extension } from '@peculiar/asn1-x509'
import type { Clock, Random } from '../effects/effects.ts'

/** sha256WithRSAEncryption (RFC 8017 appendix C). */
const RSA_SHA256 = '1.2.840.113549.1.1.11'
/** RFC 5280 appendix A.1. */
const COMMON_NAME = '2.5.4.3'
const DAY_MS = 24 * 60 * 60 * 1000

interface Parts {
  clock: Clock
  random: Random
}

/** A name with its key; either half of the pair for a subject, the private one for an issuer. */
export interface Named {
  readonly commonName: string
  readonly key: KeyObject
}

interface Certified {
  readonly subject: Named
  readonly issuer: Named
  /** Valid from a day ago on, as another's clock may be behind, for so many days from now. */
  readonly days: number
  readonly extensions?: Extension[]
}

/** A certificate of the key, valid for `years`: DER in base64. */
export function selfSignedCertificate(
  parts: Parts,
  key: KeyObject,
  { commonName, years }: { commonName: string; years: number },
): Promise<string> {
  const now = new Date(parts.clock.now())
  const end = new Date(now)
  end.setUTCFullYear(now.getUTCFullYear() + years)
  const named = { commonName, key }
  return certificate(parts, { subject: named, issuer: named, days: (end.getTime() - now.getTime()) / DAY_MS })
}

/** A certificate: DER in base64. */
export async function certificate(
  { clock, random }: Parts,
  { subject, issuer, days, extensions }: Certified,
): Promise<string> {
  // Loaded with the first certificate: it is seldom needed.
  const [{ AsnConvert }, x509] = await Promise.all([import('@peculiar/asn1-schema'), import('@peculiar/asn1-x509')])
  const now = clock.now()
  const signatureAlgorithm = new x509.AlgorithmIdentifier({ algorithm: RSA_SHA256, parameters: null })
  const nameOf = ({ commonName }: Named) => {
    const value = new x509.AttributeValue({ utf8String: commonName })
    const attribute = new x509.AttributeTypeAndValue({ type: COMMON_NAME, value })
    return new x509.Name([new x509.RelativeDistinguishedName([attribute])])
  }
  const publicKey = createPublicKey(subject.key).export({ type: 'spki', format: 'der' })
  const tbsCertificate = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: bufferOf(serialNumber(random)),
    signature: signatureAlgorithm,
    issuer: nameOf(issuer),
    subject: nameOf(subject),
    validity: new x509.Validity({ notBefore: new Date(now - DAY_MS), notAfter: new Date(now + days * DAY_MS) }),
    subjectPublicKeyInfo: AsnConvert.parse(publicKey, x509.SubjectPublicKeyInfo),
    ...(extensions && { extensions: new x509.Extensions(extensions) }),
  })
  const signatureValue = bufferOf(sign('sha256', new Uint8Array(AsnConvert.serialize(tbsCertificate)), issuer.key))
  const whole = new x509.Certificate({ tbsCertificate, signatureAlgorithm, signatureValue })
  return Buffer.from(AsnConvert.serialize(whole)).toString('base64')
}

/** PEM (RFC 7468). */
export const pemOf = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`

/** Positive, and shorter than the 20 bytes that RFC 5280 4.1.2.2 allows. */
function serialNumber(random: Random): Buffer {
  const bytes = random.bytes(16)
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40
  return bytes
}

const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
