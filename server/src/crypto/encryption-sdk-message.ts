// Encrypts a short text as a message of the AWS Encryption SDK, format version 2, under a raw AES key: what consumers open
// with the SDK's own clients and a raw AES keyring. Algorithm suite 0x0478: AES-256-GCM, HKDF-SHA512, key commitment, no
// signature. https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html
import { createCipheriv, hkdfSync } from 'node:crypto'

export interface WrappingKey {
  /** 32 bytes. */
  key: Uint8Array
  /** Both name the key to the keyring that opens the message. */
  namespace: string
  name: string
}

const SUITE = 0x0478
const FRAME_BYTES = 4096
const TAG_BITS = 128
const IV_BYTES = 12

/**
 * The message, with one frame. `context` is authenticated and can be read by anybody; `random` gives fresh bytes. Texts
 * longer than a frame are not for this: throws Error.
 */
export function encryptionSdkMessage(
  text: string,
  wrapping: WrappingKey,
  context: Readonly<Record<string, string>>,
  random: (count: number) => Buffer,
): Buffer {
  const plain = Buffer.from(text, 'utf8')
  if (plain.byteLength > FRAME_BYTES) throw new Error('The text is longer than a frame.')
  const messageId = random(32)
  const dataKey = random(32)
  const derived = (label: Buffer): Buffer => Buffer.from(hkdfSync('sha512', dataKey, messageId, label, 32))
  const contentKey = derived(Buffer.concat([uint(SUITE, 2), Buffer.from('DERIVEKEY')]))
  const encodedContext = encodeContext(context)
  const header = Buffer.concat([
    uint(2, 1),
    uint(SUITE, 2),
    messageId,
    withLength(encodedContext),
    uint(1, 2),
    wrappedKey(dataKey, wrapping, encodedContext, random(IV_BYTES)),
    // Framed content.
    uint(2, 1),
    uint(FRAME_BYTES, 4),
    derived(Buffer.from('COMMITKEY')),
  ])
  const headerTag = seal(contentKey, Buffer.alloc(IV_BYTES), header, Buffer.alloc(0)).tag
  const sequence = uint(1, 4)
  const iv = Buffer.concat([Buffer.alloc(IV_BYTES - 4), sequence])
  const frameAad = [messageId, Buffer.from('AWSKMSEncryptionClient Final Frame'), sequence, uint(plain.byteLength, 8)]
  const frame = seal(contentKey, iv, Buffer.concat(frameAad), plain)
  const finalFrame = [uint(0xffffffff, 4), sequence, iv, uint(plain.byteLength, 4), frame.sealed, frame.tag]
  return Buffer.concat([header, headerTag, ...finalFrame])
}

/** An encrypted data key, as raw AES keyrings write it. */
function wrappedKey(dataKey: Buffer, { key, namespace, name }: WrappingKey, context: Buffer, iv: Buffer): Buffer {
  const { sealed, tag } = seal(key, iv, context, dataKey)
  const info = Buffer.concat([Buffer.from(name, 'utf8'), uint(TAG_BITS, 4), uint(IV_BYTES, 4), iv])
  return Buffer.concat([Buffer.from(namespace, 'utf8'), info, Buffer.concat([sealed, tag])].map(withLength))
}

/** Pairs in the order of their keys; nothing at all for none. */
function encodeContext(context: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(context).map((pair) => pair.map((text) => Buffer.from(text, 'utf8')))
  if (pairs.length === 0) return Buffer.alloc(0)
  pairs.sort(([one], [other]) => Buffer.compare(one as Buffer, other as Buffer))
  return Buffer.concat([uint(pairs.length, 2), ...pairs.flat().map(withLength)])
}

function seal(key: Uint8Array, iv: Buffer, aad: Buffer, plain: Buffer): { sealed: Buffer; tag: Buffer } {
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad)
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return { sealed, tag: cipher.getAuthTag() }
}

const withLength = (bytes: Buffer): Buffer => Buffer.concat([uint(bytes.byteLength, 2), bytes])

/** Big-endian. */
function uint(value: number, bytes: 1 | 2 | 4 | 8): Buffer {
  const buffer = Buffer.alloc(bytes)
  if (bytes === 8) buffer.writeBigUInt64BE(BigInt(value))
  else buffer.writeUIntBE(value, 0, bytes)
  return buffer
}
