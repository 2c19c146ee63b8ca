// Time-based one-time passwords (RFC 6238) over HMAC-SHA-1, as authenticator apps make them: six digits, a new code every
// 30 seconds. Base32 (RFC 4648 section 6) is how people and QR codes carry the secret. Pure.
import { createHmac } from 'node:crypto'
import { equalBytes } from './equal-bytes.ts'

const STEP_MS = 30_000
const DIGITS = 6
/** Steps by which the clock of an app may differ, each way (RFC 6238 section 5.2). */
const SKEW = 1

/** How many of the million codes are right at any time: a guess at a code is right with a chance of CODES_AT_ONCE in 10^6. */
export const CODES_AT_ONCE = 2 * SKEW + 1

/** The number of the time step that a time (epoch milliseconds) is in. */
export const stepOf = (now: number): number => Math.floor(now / STEP_MS)

/** The code of a time step; RFC 4226 section 5.3 says how the digits are taken out of the MAC. */
export function totpCode(secret: Uint8Array, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac.at(-1) as number) & 0x0f
  const number = mac.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

/** The newest time step whose code this is, of those that a client's clock may be in; undefined when it is of none. */
export function stepOfCode(secret: Uint8Array, code: string, now: number): number | undefined {
  let found: number | undefined
  for (let step = stepOf(now) - SKEW; step <= stepOf(now) + SKEW; step++)
    if (equalBytes(totpCode(secret, step), code)) found = step
  return found
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Base32 in capital letters, without padding. */
export function toBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

/** The bytes of what `toBase32` gave. */
export function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
