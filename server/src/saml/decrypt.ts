// Decrypts an EncryptedAssertion (SAML core 2.3.4, XML Encryption 1.1 5.2, 5.5): AES in GCM or CBC under a key that RSA-OAEP
// wraps. RSA with PKCS #1 v1.5 is refused by name (Bleichenbacher 1998), as is everything else.
//
// A ciphertext that nobody has signed comes from anybody. So that nobody learns from us whether a padding was right (Jager and
// Somorovsky, CCS 2011), what does not open gives bytes that are none of an assertion, as a right padding around nonsense does:
// the caller tells nobody which it was (response.ts).
import { constants, createDecipheriv, type KeyObject, privateDecrypt, randomBytes } from 'node:crypto'
import { decodeBase64 } from '../encodings.ts'
import { NAMESPACE } from './names.ts'
import { SamlError } from './refusal.ts'
import { attributeOf, childrenOf, everyElement, onlyChild, onlyTextOf, requiredChild, type XmlElement } from './xml.ts'

const X = NAMESPACE.encryption
const X11 = NAMESPACE.encryption11

interface Cipher {
  readonly mode: 'gcm' | 'cbc'
  readonly bits: 128 | 256
}

const CIPHERS: ReadonlyMap<string, Cipher> = new Map([
  [`${X11}aes128-gcm`, { mode: 'gcm', bits: 128 }],
  [`${X11}aes256-gcm`, { mode: 'gcm', bits: 256 }],
  [`${X}aes128-cbc`, { mode: 'cbc', bits: 128 }],
  [`${X}aes256-cbc`, { mode: 'cbc', bits: 256 }],
])

// SHA-1 is sound within OAEP, and what most providers send.
const HASHES: ReadonlyMap<string, string> = new Map([
  [`${NAMESPACE.signature}sha1`, 'sha1'],
  [`${X}sha256`, 'sha256'],
  [`${X}sha512`, 'sha512'],
])
const MASKS: ReadonlyMap<string, string> = new Map(
  ['sha1', 'sha256', 'sha512'].map((hash) => [`${X11}mgf1${hash}`, hash]),
)

/** What was encrypted, if it opens. Throws SamlError `bad-encryption` for another form, and for other algorithms. */
export function decryptAssertion(encrypted: XmlElement, privateKey: KeyObject): Buffer {
  const data = requiredChild(encrypted, X, 'EncryptedData')
  const cipher = CIPHERS.get(algorithmOf(data))
  if (!cipher) throw badEncryptionError('the assertion is not encrypted by AES-128 or AES-256 in GCM or CBC')
  const key = unwrap(encryptedKey(encrypted, data), privateKey, cipher)
  return decipher(cipher, key, cipherValue(data))
}

/** The one key that the provider has wrapped: within the data's KeyInfo, or beside the data. */
function encryptedKey(encrypted: XmlElement, data: XmlElement): XmlElement {
  const keys = [...everyElement(encrypted)].filter(({ namespace, name }) => namespace === X && name === 'EncryptedKey')
  const information = onlyChild(data, NAMESPACE.signature, 'KeyInfo')
  const places = [
    ...(information ? childrenOf(information, X, 'EncryptedKey') : []),
    ...childrenOf(encrypted, X, 'EncryptedKey'),
  ]
  const [key] = places
  if (!key || keys.length !== 1) throw badEncryptionError('there is not one EncryptedKey in its place')
  return key
}

function unwrap(wrapped: XmlElement, privateKey: KeyObject, { bits }: Cipher): Buffer {
  const oaepHash = hashOf(requiredChild(wrapped, X, 'EncryptionMethod'))
  // Unpredictable: a key that an attacker could know would tell whether the wrapped one opens (Manger 2001).
  const other = randomBytes(bits / 8)
  try {
    const options = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }
    const key = privateDecrypt(options, cipherValue(wrapped))
    return key.length === other.length ? key : other
  } catch {
    return other
  }
}

/** The hash of RSA-OAEP, which has to be that of its mask as well: no other is to be had in Node.js. */
function hashOf(method: XmlElement): string {
  const digest = onlyChild(method, NAMESPACE.signature, 'DigestMethod')
  const hash = HASHES.get(digest ? (attributeOf(digest, 'Algorithm') ?? '') : `${NAMESPACE.signature}sha1`)
  const parameters = onlyChild(method, X, 'OAEPparams')
  if (parameters) throw badEncryptionError('the OAEP of the key has a label')
  const masks: Readonly<Record<string, () => string | undefined>> = {
    [`${X}rsa-oaep-mgf1p`]: () => 'sha1',
    [`${X11}rsa-oaep`]: () => {
      const mask = onlyChild(method, X11, 'MGF')
      return MASKS.get(mask ? (attributeOf(mask, 'Algorithm') ?? '') : `${X11}mgf1sha1`)
    },
  }
  const algorithm = attributeOf(method, 'Algorithm') ?? ''
  const mask = Object.hasOwn(masks, algorithm) ? masks[algorithm]?.() : undefined
  if (hash === undefined || hash !== mask)
    throw badEncryptionError('the key is not encrypted by RSA-OAEP with one hash of SHA-1, SHA-256 and SHA-512')
  return hash
}

const GCM_NONCE = 12
const TAG = 16
const BLOCK = 16

function decipher({ mode, bits }: Cipher, key: Buffer, bytes: Buffer): Buffer {
  try {
    if (mode === 'gcm') {
      const opening = createDecipheriv(`aes-${bits}-gcm`, key, bytes.subarray(0, GCM_NONCE), { authTagLength: TAG })
      opening.setAuthTag(bytes.subarray(-TAG))
      return Buffer.concat([opening.update(bytes.subarray(GCM_NONCE, -TAG)), opening.final()])
    }
    const opening = createDecipheriv(`aes-${bits}-cbc`, key, bytes.subarray(0, BLOCK)).setAutoPadding(false)
    const padded = Buffer.concat([opening.update(bytes.subarray(BLOCK)), opening.final()])
    // The last byte counts the padding, whose other bytes are of any value (XML Encryption 1.1 5.2).
    const padding = padded.at(-1) ?? 0
    return padding >= 1 && padding <= BLOCK ? padded.subarray(0, -padding) : padded
  } catch {
    return Buffer.alloc(0)
  }
}

function cipherValue(element: XmlElement): Buffer {
  const data = requiredChild(element, X, 'CipherData')
  const bytes = decodeBase64(onlyTextOf(requiredChild(data, X, 'CipherValue')).replace(/[\t\n\r ]/g, ''))
  if (!bytes || bytes.length === 0) throw badEncryptionError('a CipherValue is not base64')
  return bytes
}

const algorithmOf = (data: XmlElement): string =>
  attributeOf(requiredChild(data, X, 'EncryptionMethod'), 'Algorithm') ?? ''

const badEncryptionError = (detail: string): SamlError => new SamlError('bad-encryption', detail)
