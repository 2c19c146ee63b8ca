// An authenticator in software, and the browser around it (WebAuthn Level 3): makes passkeys (ES256 or RS256, attestation
// `none`) and signs with them. Each member of `Twist` makes it do what a real one would not, for the tests of refusals.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export interface CreationOptions {
  rp: { id: string; name: string }
  user: { id: string; name: string; displayName: string }
  challenge: string
  pubKeyCredParams: { type: string; alg: number }[]
  timeout: number
  excludeCredentials: { id: string; type: string; transports: string[] }[]
  authenticatorSelection: Record<string, unknown>
}

export interface RequestOptions {
  challenge: string
  timeout: number
  rpId: string
  allowCredentials: { id: string; type: string; transports: string[] }[]
  userVerification: string
}

export interface Twist {
  origin?: string
  /** Other client data, such as its type or `crossOrigin`. */
  clientData?: Record<string, unknown>
  /** The relying party that the authenticator hashes. */
  rpId?: string
  challenge?: string
  /** Set bits of the flags; those that are not named are as usual. */
  flags?: Partial<Record<keyof typeof FLAGS, boolean>>
  counter?: number
  /** The id that the browser tells, another than the authenticator's. */
  toldId?: string
  /** The key of a new passkey, encoded. */
  coseKey?: Buffer
  attestation?: Buffer
  userHandle?: string | null
  transports?: unknown
  attachment?: unknown
}

export interface Credential {
  id: string
  rawId: string
  type: string
  authenticatorAttachment?: unknown
  clientExtensionResults: object
  response: Record<string, unknown>
}

const FLAGS = { up: 1, uv: 4, be: 8, bs: 16, at: 64 } as const
/** An authenticator's AAGUID that the list of names has: Bitwarden's. */
const AAGUID = Buffer.from('d548826e79b4db40a3d811116f7e8349', 'hex')

export class Authenticator {
  readonly algorithm: 'ES256' | 'RS256'
  /** Null for one that does not count. */
  counter: number | null = 0
  verifiesUser = true
  readonly id: Buffer
  readonly #keys: { publicKey: KeyObject; privateKey: KeyObject }
  #userHandle = ''

  constructor(algorithm: 'ES256' | 'RS256' = 'ES256', id = randomBytes(32)) {
    this.algorithm = algorithm
    this.id = id
    this.#keys =
      algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 })
  }

  /** RegistrationResponseJSON. */
  create(options: CreationOptions, twist: Twist = {}): Credential {
    this.#userHandle = options.user.id
    const attested = Buffer.concat([
      AAGUID,
      uint16(this.id.length),
      this.id,
      twist.coseKey ?? coseKey(this.#keys.publicKey),
    ])
    const authData = this.#authData(options.rp.id, { ...twist, flags: { at: true, ...twist.flags } }, attested)
    const attestationObject =
      twist.attestation ??
      cbor(
        new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', authData],
        ]),
      )
    return this.#credential(twist, {
      clientDataJSON: clientData('webauthn.create', options.rp.id, options.challenge, twist).toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: twist.transports ?? ['hybrid', 'internal', 'carrier-pigeon'],
    })
  }

  /** AuthenticationResponseJSON. */
  get(options: RequestOptions, twist: Twist = {}): Credential {
    if (this.counter !== null) this.counter++
    const authData = this.#authData(options.rpId, twist)
    const data = clientData('webauthn.get', options.rpId, options.challenge, twist)
    const signature = sign('sha256', Buffer.concat([authData, sha256(data)]), this.#keys.privateKey)
    const userHandle = twist.userHandle === undefined ? this.#userHandle : twist.userHandle
    return this.#credential(twist, {
      clientDataJSON: data.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle,
    })
  }

  #authData(rpId: string, twist: Twist, attested: Buffer = Buffer.alloc(0)): Buffer {
    const set = { up: true, uv: this.verifiesUser, be: true, bs: true, ...twist.flags }
    let flags = 0
    for (const [name, bit] of Object.entries(FLAGS)) if (set[name as keyof typeof set]) flags |= bit
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(twist.counter ?? this.counter ?? 0)
    return Buffer.concat([sha256(Buffer.from(twist.rpId ?? rpId)), Buffer.from([flags]), counter, attested])
  }

  #credential(twist: Twist, response: Record<string, unknown>): Credential {
    const id = twist.toldId ?? this.id.toString('base64url')
    return {
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: 'attachment' in twist ? twist.attachment : 'platform',
      clientExtensionResults: {},
      response,
    }
  }
}

function clientData(type: string, rpId: string, challenge: string, twist: Twist): Buffer {
  const origin = twist.origin ?? (rpId === 'localhost' ? 'http://localhost:3000' : `https://${rpId}`)
  return Buffer.from(
    JSON.stringify({ type, challenge: twist.challenge ?? challenge, origin, crossOrigin: false, ...twist.clientData }),
  )
}

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

/** COSE_Key (RFC 9053, RFC 8230) of a public key. */
export function coseKey(key: KeyObject): Buffer {
  const { x, y, n, e } = key.export({ format: 'jwk' }) as Record<string, string>
  const bytes = (text = '') => Buffer.from(text, 'base64url')
  return key.asymmetricKeyType === 'rsa'
    ? cbor(
        new Map<number, Cbor>([
          [1, 3],
          [3, -257],
          [-1, bytes(n)],
          [-2, bytes(e)],
        ]),
      )
    : cbor(
        new Map<number, Cbor>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, bytes(x)],
          [-3, bytes(y)],
        ]),
      )
}

export type Cbor = number | string | Buffer | Cbor[] | Map<number, Cbor> | Map<string, Cbor>

/** CBOR (RFC 8949) of integers, text, bytes, lists and maps. */
export function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)])
  const entries = [...value].flatMap(([key, one]) => [cbor(key), cbor(one)])
  return Buffer.concat([head(5, value.size), ...entries])
}

function head(major: number, count: number): Buffer {
  if (count < 24) return Buffer.from([(major << 5) | count])
  if (count < 256) return Buffer.from([(major << 5) | 24, count])
  return Buffer.concat([Buffer.from([(major << 5) | 25]), uint16(count)])
}
