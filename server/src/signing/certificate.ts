// Self-signed X.509 certificates of RSA keys (RFC 5280 4.1), which SAML publishes keys by.
import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { Clock, Random } from '../effects/effects.ts'

/** sha256WithRSAEncryption (RFC 8017 appendix C). */
const RSA_SHA256 = '1.2.840.113549.1.1.11'
/** RFC 5280 appendix A.1. */
const COMMON_NAME = '2.5.4.3'
const DAY_MS = 24 * 60 * 60 * 1000

/** A certificate of the key, valid from a day ago on, for `years` from now: DER in base64. */
export async function selfSignedCertificate(
  { clock, random }: { clock: Clock; random: Random },
  key: KeyObject,
  { commonName, years }: { commonName: string; years: number },
): Promise<string> {
  // Loaded with the first certificate: it is seldom needed.
  const [{ AsnConvert }, x509] = await Promise.all([import('@peculiar/asn1-schema'), import('@peculiar/asn1-x509')])
  const now = clock.now()
  const notAfter = new Date(now)
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + years)
  const signatureAlgorithm = new x509.AlgorithmIdentifier({ algorithm: RSA_SHA256, parameters: null })
  const value = new x509.AttributeValue({ utf8String: commonName })
  const name = new x509.Name([
    new x509.RelativeDistinguishedName([new x509.AttributeTypeAndValue({ type: COMMON_NAME, value })]),
  ])
  const tbsCertificate = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: bufferOf(serialNumber(random)),
    signature: signatureAlgorithm,
    issuer: name,
    subject: name,
    // A day ago: a provider's clock may be behind.
    validity: new x509.Validity({ notBefore: new Date(now - DAY_MS), notAfter }),
    subjectPublicKeyInfo: AsnConvert.parse(
      createPublicKey(key).export({ type: 'spki', format: 'der' }),
      x509.SubjectPublicKeyInfo,
    ),
  })
  const signatureValue = bufferOf(sign('sha256', new Uint8Array(AsnConvert.serialize(tbsCertificate)), key))
  const certificate = new x509.Certificate({ tbsCertificate, signatureAlgorithm, signatureValue })
  return Buffer.from(AsnConvert.serialize(certificate)).toString('base64')
}

/** Positive, and shorter than the 20 bytes that RFC 5280 4.1.2.2 allows. */
function serialNumber(random: Random): Buffer {
  const bytes = random.bytes(16)
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40
  return bytes
}

const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
