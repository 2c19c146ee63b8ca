// Self-signed certificates for tests: what SAML metadata and TLS servers need, put together in DER (RFC 5280 4.1).
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export interface TestCertificate {
  privateKey: KeyObject
  privatePem: string
  /** Base64 of the DER, as metadata have it. */
  base64: string
  pem: string
}

type Kind = 'rsa' | 'rsa-1024' | 'rsa-exponent-3' | 'p256' | 'p384' | 'p521'

const generate: Record<Kind, () => KeyObject[]> = {
  rsa: () => Object.values(generateKeyPairSync('rsa', { modulusLength: 2048 })),
  'rsa-1024': () => Object.values(generateKeyPairSync('rsa', { modulusLength: 1024 })),
  'rsa-exponent-3': () => Object.values(generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })),
  p256: () => Object.values(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  p384: () => Object.values(generateKeyPairSync('ec', { namedCurve: 'P-384' })),
  p521: () => Object.values(generateKeyPairSync('ec', { namedCurve: 'P-521' })),
}

/** A certificate for hosts and for 127.0.0.1, valid from 2020 to 2049. */
export function makeCertificate(kind: Kind = 'rsa', hosts: readonly string[] = ['localhost']): TestCertificate {
  const [publicKey, privateKey] = generate[kind]() as [KeyObject, KeyObject]
  const algorithm = kind.startsWith('rsa')
    ? sequence(oid('2a864886f70d01010b'), der(0x05))
    : sequence(oid('2a8648ce3d040302'))
  const name = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from('localhost')))))
  const alternatives = sequence(
    ...hosts.map((host) => der(0x82, Buffer.from(host))),
    der(0x87, Buffer.from([127, 0, 0, 1])),
  )
  const extension = sequence(oid('551d11'), der(0x04, alternatives))
  const content = sequence(
    der(0xa0, integer(2)),
    integer(1),
    algorithm,
    name,
    sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231000000Z'))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension)),
  )
  const signature = sign('sha256', content, privateKey)
  const base64 = sequence(content, algorithm, der(0x03, Buffer.from([0]), signature)).toString('base64')
  const pem = `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  return { privateKey: createPrivateKey(privatePem), privatePem, base64, pem }
}

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Uint8Array[]): Buffer => der(0x30, ...parts)
const integer = (value: number): Buffer => der(0x02, Buffer.from([value]))
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
