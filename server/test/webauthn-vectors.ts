// The test vectors of W3C Web Authentication Level 3, section 16, made the way that the section says: every random value
// is drawn by HKDF-SHA-256 from one text, ECDSA signs with the nonces of RFC 6979, and the RSA key is made of two Mersenne
// primes. What is published of each (its credential id, its last signature) tells in the test that they are the same bytes.
// The attestation statements by certificates alone are stand-ins of their forms: nobody looks at them here.
import {
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { type Cbor, cbor } from './authenticator.ts'

export const RP_ID = 'example.org'
const ORIGIN = 'https://example.org'

export type Algorithm = 'ES256' | 'ES384' | 'ES512' | 'RS256' | 'EdDSA'

export interface VectorKind {
  /** The section's name of the vector, which its values are drawn by. */
  readonly name: string
  readonly algorithm: Algorithm
  readonly format: 'none' | 'packed-self' | 'packed' | 'tpm' | 'android-key' | 'apple' | 'fido-u2f'
  readonly crossOrigin?: boolean
  readonly topOrigin?: boolean
  readonly idLength?: number
  readonly challengeLength?: number
}

/** A registration and an authentication, all bytes as they are sent. */
export interface Vector {
  readonly credentialId: Buffer
  readonly coseKey: Buffer
  readonly registration: { challenge: Buffer; clientDataJSON: Buffer; attestationObject: Buffer; flags: number }
  readonly authentication: { challenge: Buffer; clientDataJSON: Buffer; authenticatorData: Buffer; signature: Buffer }
}

interface Curve {
  readonly node: string
  readonly jwk: string
  readonly hash: 'sha256' | 'sha384' | 'sha512'
  readonly bytes: number
  readonly keyBytes: number
  /** Of the base point. */
  readonly order: bigint
  readonly cose: { alg: number; crv: number }
}

const curves: Readonly<Record<'ES256' | 'ES384' | 'ES512', Curve>> = {
  ES256: {
    node: 'prime256v1',
    jwk: 'P-256',
    hash: 'sha256',
    bytes: 32,
    keyBytes: 32,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    cose: { alg: -7, crv: 1 },
  },
  ES384: {
    node: 'secp384r1',
    jwk: 'P-384',
    hash: 'sha384',
    bytes: 48,
    keyBytes: 48,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    cose: { alg: -35, crv: 2 },
  },
  ES512: {
    node: 'secp521r1',
    jwk: 'P-521',
    hash: 'sha512',
    bytes: 66,
    keyBytes: 65,
    order: BigInt(`0x1${'f'.repeat(64)}fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`),
    cose: { alg: -36, crv: 3 },
  },
}

/** What is drawn for the certificate of an attestation, in bytes: its key, where it has one of its own, and its number. */
const CERTIFICATE: Readonly<Record<VectorKind['format'], readonly number[]>> = {
  none: [],
  'packed-self': [],
  packed: [32, 16],
  tpm: [32, 16],
  'android-key': [16],
  apple: [16],
  'fido-u2f': [32, 16],
}

const FLAGS = { up: 0x01, uv: 0x04, be: 0x08, bs: 0x10, at: 0x40 }

/** The draws of a vector: each has the next number as its salt. */
function drawsOf(name: string): (bytes: number) => Buffer {
  let count = 0
  return (bytes) => Buffer.from(hkdfSync('sha256', 'WebAuthn test vectors', Buffer.from([count++]), name, bytes))
}

export function makeVector(kind: VectorKind): Vector {
  const { name, algorithm, format, idLength = 32, challengeLength = 32 } = kind
  const draw = drawsOf(name)
  const challenge = draw(challengeLength)
  const key = keyOf(algorithm, draw)
  const clientDataJSON = clientData('webauthn.create', challenge, kind, draw)
  const aaguid = draw(16)
  const credentialId = draw(idLength)
  const set = format === 'fido-u2f' ? 0 : backedUp((draw(1)[0] as number) & (FLAGS.uv | FLAGS.be | FLAGS.bs))
  for (const bytes of CERTIFICATE[format]) draw(bytes)
  const flags = FLAGS.up | FLAGS.at | set
  const length = Buffer.from([credentialId.length >> 8, credentialId.length & 0xff])
  const authData = Buffer.concat([authenticatorData(flags), aaguid, length, credentialId, key.cose])
  const attestationObject = cbor(
    new Map<string, Cbor>([
      ['fmt', format === 'packed-self' ? 'packed' : format],
      ['attStmt', statementOf(kind, Buffer.concat([authData, sha256(clientDataJSON)]), key)],
      ['authData', authData],
    ]),
  )
  const registration = { challenge, clientDataJSON, attestationObject, flags }

  const next = draw(challengeLength)
  const used = clientData('webauthn.get', next, kind, draw)
  const present = (set & FLAGS.be) | ((draw(1)[0] as number) & (FLAGS.uv | FLAGS.bs))
  const signed = authenticatorData(FLAGS.up | backedUp(present))
  const authentication = {
    challenge: next,
    clientDataJSON: used,
    authenticatorData: signed,
    signature: key.sign(Buffer.concat([signed, sha256(used)])),
  }
  return { credentialId, coseKey: key.cose, registration, authentication }
}

/** Nothing is backed up that cannot be. */
const backedUp = (flags: number): number => (flags & FLAGS.be ? flags : flags & ~FLAGS.bs)

const authenticatorData = (flags: number): Buffer =>
  Buffer.concat([sha256(Buffer.from(RP_ID)), Buffer.from([flags, 0, 0, 0, 0])])

function clientData(
  type: string,
  challenge: Buffer,
  { crossOrigin = false, topOrigin }: VectorKind,
  draw: (bytes: number) => Buffer,
): Buffer {
  const extra = (draw(1)[0] as number) & 1 ? draw(16).toString('base64url') : undefined
  return Buffer.from(
    JSON.stringify({
      type,
      challenge: challenge.toString('base64url'),
      origin: ORIGIN,
      crossOrigin,
      ...(topOrigin && { topOrigin: 'https://example.com' }),
      ...(extra !== undefined && {
        extraData: `clientDataJSON may be extended with additional fields in the future, such as this: ${extra}`,
      }),
    }),
  )
}

interface Key {
  readonly cose: Buffer
  readonly sign: (bytes: Buffer) => Buffer
}

/** Statements by certificates are of no certificate at all. */
function statementOf({ format }: VectorKind, signed: Buffer, key: Key): Map<string, Cbor> {
  const bytes = Buffer.alloc(300, 0x30)
  const x5c: [string, Cbor] = ['x5c', [bytes]]
  const alg: [string, Cbor] = ['alg', -7]
  switch (format) {
    case 'none':
      return new Map()
    case 'packed-self':
      return new Map<string, Cbor>([alg, ['sig', key.sign(signed)]])
    case 'packed':
    case 'android-key':
      return new Map<string, Cbor>([alg, ['sig', bytes], x5c])
    case 'tpm':
      return new Map<string, Cbor>([['ver', '2.0'], alg, x5c, ['sig', bytes], ['certInfo', bytes], ['pubArea', bytes]])
    case 'apple':
      return new Map([x5c])
    case 'fido-u2f':
      return new Map<string, Cbor>([['sig', bytes], x5c])
  }
}

function keyOf(algorithm: Algorithm, draw: (bytes: number) => Buffer): Key {
  if (algorithm === 'RS256') return rsaKey()
  if (algorithm === 'EdDSA') return edKey(draw(32))
  return ecKey(curves[algorithm], draw(curves[algorithm].keyBytes))
}

const coordinate = (text = ''): Buffer => Buffer.from(text, 'base64url')

function edKey(seed: Buffer): Key {
  // PKCS #8 of an Ed25519 key (RFC 8410 7): all but the seed is the same for each.
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  const cose = cbor(
    new Map<number, Cbor>([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, coordinate(x)],
    ]),
  )
  return { cose, sign: (bytes) => sign(null, bytes, privateKey) }
}

function rsaKey(): Key {
  const [p, q, e] = [2n ** 1279n - 1n, 2n ** 2203n - 1n, 65537n]
  const d = inverse(e, (p - 1n) * (q - 1n))
  const text = (value: bigint): string => bytesOf(value).toString('base64url')
  const privateKey: KeyObject = createPrivateKey({
    key: {
      kty: 'RSA',
      n: text(p * q),
      e: text(e),
      d: text(d),
      p: text(p),
      q: text(q),
      dp: text(d % (p - 1n)),
      dq: text(d % (q - 1n)),
      qi: text(inverse(q, p)),
    },
    format: 'jwk',
  })
  const cose = cbor(
    new Map<number, Cbor>([
      [1, 3],
      [3, -257],
      [-1, bytesOf(p * q)],
      [-2, bytesOf(e)],
    ]),
  )
  return { cose, sign: (bytes) => sign('sha256', bytes, privateKey) }
}

function ecKey(curve: Curve, secret: Buffer): Key {
  const { x, y } = pointOf(curve, integerOf(secret))
  const cose = cbor(
    new Map<number, Cbor>([
      [1, 2],
      [3, curve.cose.alg],
      [-1, curve.cose.crv],
      [-2, x],
      [-3, y],
    ]),
  )
  return { cose, sign: (bytes) => ecdsa(curve, integerOf(secret), bytes) }
}

/** The base point, `times` times. */
function pointOf({ node, bytes }: Curve, times: bigint): { x: Buffer; y: Buffer } {
  const ecdh = createECDH(node)
  ecdh.setPrivateKey(bytesOf(times, bytes))
  const point = ecdh.getPublicKey()
  return { x: point.subarray(1, 1 + bytes), y: point.subarray(1 + bytes) }
}

/** ECDSA with the nonce of RFC 6979 3.2, as DER. */
function ecdsa(curve: Curve, secret: bigint, message: Buffer): Buffer {
  const { order, hash, bytes } = curve
  const bits = order.toString(2).length
  const digest = createHash(hash).update(message).digest()
  const truncated = (octets: Buffer): bigint => integerOf(octets) >> BigInt(Math.max(0, 8 * octets.length - bits))
  const z = truncated(digest)
  const hmac = (key: Buffer, ...parts: Buffer[]): Buffer => createHmac(hash, key).update(Buffer.concat(parts)).digest()
  const seed = Buffer.concat([bytesOf(secret, bytes), bytesOf(z % order, bytes)])
  let v: Buffer = Buffer.alloc(digest.length, 1)
  let k: Buffer = Buffer.alloc(digest.length, 0)
  for (const octet of [0, 1]) {
    k = hmac(k, v, Buffer.from([octet]), seed)
    v = hmac(k, v)
  }
  for (;;) {
    let octets = Buffer.alloc(0)
    while (8 * octets.length < bits) {
      v = hmac(k, v)
      octets = Buffer.concat([octets, v])
    }
    const nonce = truncated(octets)
    if (nonce > 0n && nonce < order) {
      const r = integerOf(pointOf(curve, nonce).x) % order
      return derSequence(r, (inverse(nonce, order) * (z + r * secret)) % order)
    }
    k = hmac(k, v, Buffer.from([0]))
    v = hmac(k, v)
  }
}

const integerOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex') || '0'}`)

function bytesOf(value: bigint, length?: number): Buffer {
  const hex = value.toString(16)
  return Buffer.from(hex.padStart(length === undefined ? hex.length + (hex.length % 2) : 2 * length, '0'), 'hex')
}

/** The inverse of `a` modulo `m`, by Euclid. */
function inverse(a: bigint, m: bigint): bigint {
  let [r, next, s, t] = [m, ((a % m) + m) % m, 0n, 1n]
  while (next !== 0n) {
    const quotient = r / next
    ;[r, next, s, t] = [next, r - quotient * next, t, s - quotient * t]
  }
  return ((s % m) + m) % m
}

function derSequence(...integers: bigint[]): Buffer {
  const parts = integers.map((value) => {
    const bytes = bytesOf(value)
    return tagged(0x02, (bytes[0] as number) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
  })
  return tagged(0x30, Buffer.concat(parts))
}

const tagged = (tag: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from(content.length < 128 ? [tag, content.length] : [tag, 0x81, content.length]), content])

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()
