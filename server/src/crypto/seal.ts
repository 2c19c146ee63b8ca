// Sealing (authenticated encryption) of secrets at rest (SRP verifiers, client secrets, TOTP seeds, signing keys) and
// of opaque tokens (sessions, page tokens). Owns the format and the derived keys; config/ provides the master keys.
//
// Sealed text = base64url( key id 6 ‖ nonce 24 ‖ ciphertext ‖ tag 16 ). The key id is whole characters (8), so text
// sealed under a retired key can be found by its prefix.
//
// Keys: master --HKDF-SHA256 (RFC 5869), info = use--> key of one purpose --HMAC-SHA256 over nonce[0..12]--> message key,
// which AES-256-GCM (NIST SP 800-38D) uses with nonce[12..24]. The message key exists because one GCM key with random
// 96-bit nonces is safe for 2^32 messages only, which session tokens of a busy installation reach within months; with
// 192 random bits no counter is needed.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { equalBytes } from './equal-bytes.ts'

/** `current` seals and opens, `previous` only open. Every key is 32 bytes from a cryptographic random source. */
export interface MasterKeys {
  current: Uint8Array
  previous?: readonly Uint8Array[] | undefined
}

/** Sealing under the master keys. `purpose` names a use ("srp verifier", "session") and separates keys. */
export interface Sealer {
  /**
   * Encrypts and authenticates. `aad` (additional authenticated data: tenant, table, row id) binds the text to its row:
   * with another `aad` it does not open. Returns base64url text, 62 characters plus 4/3 of the plaintext, different
   * every time.
   */
  seal(purpose: string, plaintext: Uint8Array | string, aad: string): string
  /** The plaintext, or undefined for text that is damaged, foreign, of another purpose or aad, or under an unknown key. */
  open(purpose: string, sealed: string, aad: string): Buffer | undefined
  /**
   * `seal` of a JSON value. With `step`, its text is filled up with spaces to a multiple of so many bytes, so that the
   * length of the result tells nothing of values that fit into one step.
   */
  sealJson(purpose: string, value: unknown, aad: string, step?: number): string
  /** The value given to `sealJson`; undefined as for `open`. The caller narrows the type. */
  openJson(purpose: string, sealed: string, aad: string): unknown
  /**
   * Whether `sealed` has the id of the current master key; if not, its row should be sealed again. Does not
   * authenticate.
   */
  isCurrent(sealed: string): boolean
  /**
   * HMAC-SHA256 (32 bytes) of `text` under a key of `purpose`: deterministic, and unpredictable without the master key.
   * It changes with the current master key: use `macMatches` for values that outlive a key rotation.
   */
  mac(purpose: string, text: string): Buffer
  /** Whether `mac` is that of `text` under the current or a previous master key, in constant time. */
  macMatches(purpose: string, text: string, mac: Uint8Array): boolean
  /** The MACs of `text` under the current and each previous master key, for callers that store only a part of a MAC. */
  macs(purpose: string, text: string): Buffer[]
}

const masterKeyBytes = 32
const keyIdBytes = 6
const nonceBytes = 24
const tagBytes = 16
const overheadBytes = keyIdBytes + nonceBytes + tagBytes

/** A sealer over `masterKeys`. Throws RangeError when a key is not 32 bytes: that is a configuration error. */
export function createSealer(masterKeys: MasterKeys): Sealer {
  const current = deriveKeys(masterKeys.current)
  const byId = new Map([current, ...(masterKeys.previous ?? []).map(deriveKeys)].map((keys) => [keys.id, keys]))

  function seal(purpose: string, plaintext: Uint8Array | string, aad: string): string {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', messageKey(current.sealing(purpose), nonce), nonce.subarray(12))
    cipher.setAAD(Buffer.from(aad, 'utf8'))
    const text = typeof plaintext === 'string' ? Buffer.from(plaintext, 'utf8') : plaintext
    const sealed = [current.idBytes, nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]
    return Buffer.concat(sealed).toString('base64url')
  }

  function open(purpose: string, sealed: string, aad: string): Buffer | undefined {
    const bytes = Buffer.from(sealed, 'base64url')
    // Only the canonical spelling is accepted: Node decodes leniently (other alphabets, stray characters, unused last
    // bits).
    if (bytes.byteLength < overheadBytes || bytes.toString('base64url') !== sealed) return undefined
    const keys = byId.get(keyIdOf(sealed))
    if (!keys) return undefined
    const nonce = bytes.subarray(keyIdBytes, keyIdBytes + nonceBytes)
    const key = messageKey(keys.sealing(purpose), nonce)
    const decipher = createDecipheriv('aes-256-gcm', key, nonce.subarray(12), { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(aad, 'utf8'))
    decipher.setAuthTag(bytes.subarray(-tagBytes))
    try {
      const text = decipher.update(bytes.subarray(keyIdBytes + nonceBytes, -tagBytes))
      return Buffer.concat([text, decipher.final()])
    } catch {
      return undefined
    }
  }

  const macs = (purpose: string, text: string): Buffer[] =>
    [...byId.values()].map((keys) => macUnder(keys, purpose, text))

  return {
    seal,
    open,
    sealJson: (purpose, value, aad, step = 1) => seal(purpose, filledUp(JSON.stringify(value), step), aad),
    openJson: (purpose, sealed, aad) => parseJson(open(purpose, sealed, aad)),
    isCurrent: (sealed) => keyIdOf(sealed) === current.id,
    mac: (purpose, text) => macUnder(current, purpose, text),
    macMatches: (purpose, text, mac) => macs(purpose, text).filter((one) => equalBytes(one, mac)).length > 0,
    macs,
  }
}

function deriveKeys(master: Uint8Array) {
  if (master.byteLength !== masterKeyBytes) {
    throw new RangeError(`a master key is ${masterKeyBytes} bytes, not ${master.byteLength}`)
  }
  // A copy, because the caller may overwrite its array.
  const copy = Uint8Array.from(master)
  const derive = (info: string, byteCount: number) => Buffer.from(hkdfSync('sha256', copy, '', info, byteCount))
  const cached = (use: string) => {
    const keys = new Map<string, Buffer>()
    return (purpose: string): Buffer => {
      const known = keys.get(purpose)
      if (known) return known
      const key = derive(`cognomen/1 ${use} ${purpose}`, 32)
      keys.set(purpose, key)
      return key
    }
  }
  const idBytes = derive('cognomen/1 key id', keyIdBytes)
  return { id: idBytes.toString('base64url'), idBytes, sealing: cached('seal'), authenticating: cached('mac') }
}

function macUnder(keys: ReturnType<typeof deriveKeys>, purpose: string, text: string): Buffer {
  return createHmac('sha256', keys.authenticating(purpose)).update(text, 'utf8').digest()
}

function messageKey(purposeKey: Buffer, nonce: Buffer): Buffer {
  return createHmac('sha256', purposeKey).update(nonce.subarray(0, 12)).digest()
}

function keyIdOf(sealed: string): string {
  return sealed.slice(0, (keyIdBytes / 3) * 4)
}

/** `text` with spaces after it, which JSON ignores: its length in UTF-8 is the next multiple of `step`. */
function filledUp(text: string, step: number): string {
  const length = Buffer.byteLength(text)
  return text + ' '.repeat(Math.ceil(length / step) * step - length)
}

function parseJson(text: Buffer | undefined): unknown {
  if (!text) return undefined
  try {
    return JSON.parse(text.toString('utf8'))
  } catch {
    return undefined
  }
}
