// The server's side of Cognito's SRP-6a (docs/reference/user-pools.md 9.2, 10; RFC 5054 for the method). Bytes in,
// bytes out, synchronous: an exponentiation takes about 0.6 ms, so everything but `parseSrpA` and the claim runs in a
// worker thread (`jobs.ts`). Exponentiations: verifier 1, B 1, S 2.
//
// Users and devices use the same functions: for a user `poolName` is the part of the pool id after "_" and `userId` is
// USER_ID_FOR_SRP; for a device `poolName` is the device group key and `userId` the device key.
import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { equalBytes } from './equal-bytes.ts'
import { fromBigInt, isUsable, multiplier, pad, power, powerOfGenerator, prime, toBigInt } from './srp-group.ts'

const longestSrpAHexDigits = 1024
const claimKeyBytes = 16

/**
 * A of the client (SRP_A: hexadecimal, no prefix), reduced mod N. Undefined for what is not hexadecimal, empty or longer
 * than 1,024 digits, and for A ≡ 0, 1 or N - 1: 0 makes S zero whatever the password (RFC 5054 2.5.4), the others have
 * order 1 and 2 and no honest client makes them. A >= N is accepted as A mod N, as Cognito's clients document no bound;
 * the reduced value is also the one that is hashed.
 */
export function parseSrpA(hex: string): Buffer | undefined {
  if (hex.length === 0 || hex.length > longestSrpAHexDigits || !/^[0-9a-fA-F]+$/.test(hex)) return undefined
  const reduced = BigInt(`0x${hex}`) % prime
  return isUsable(reduced) ? fromBigInt(reduced) : undefined
}

/** Whether a verifier that a client sent (ConfirmDevice) is valid: 1 < v < N - 1. */
export function isUsableVerifier(verifier: Uint8Array): boolean {
  return verifier.byteLength <= 385 && isUsable(toBigInt(verifier))
}

/**
 * x = SHA-256(PAD(salt) ‖ SHA-256(poolName ‖ userId ‖ ":" ‖ password)), 32 bytes. `salt` counts as a number: leading
 * zero bytes do not matter.
 */
export function computeX(poolName: string, userId: string, password: string, salt: Uint8Array): Buffer {
  const identity = createHash('sha256').update(`${poolName}${userId}:${password}`, 'utf8').digest()
  return createHash('sha256').update(pad(salt)).update(identity).digest()
}

/** v = g^x mod N, up to 384 bytes. It holds for this pool name and user id only: renaming either voids it. */
export function computeVerifier(poolName: string, userId: string, password: string, salt: Uint8Array): Buffer {
  return powerOfGenerator(computeX(poolName, userId, password, salt))
}

/**
 * B = (k·v + g^b) mod N, up to 384 bytes; SRP_B is its hexadecimal. `b` is 32 fresh random bytes for every challenge.
 * Throws RangeError when the verifier is not usable or B would be 0 (a chance of 2^-3072).
 */
export function createServerEphemeral(verifier: Uint8Array, b: Uint8Array): Buffer {
  const v = toBigInt(verifier)
  if (!isUsable(v)) throw new RangeError('the SRP verifier is outside the group')
  const B = (multiplier * v + toBigInt(powerOfGenerator(b))) % prime
  if (B === 0n) throw new RangeError('the SRP server value is 0')
  return fromBigInt(B)
}

/** What the server knows when a client answers PASSWORD_VERIFIER: A from `parseSrpA`, the server's B and b, and v. */
export interface ServerKeyInput {
  A: Uint8Array
  B: Uint8Array
  b: Uint8Array
  verifier: Uint8Array
}

/**
 * The 16-byte key both sides hold: S = (A·v^u)^b with u = SHA-256(PAD(A) ‖ PAD(B)), then one HKDF-SHA256 block with salt
 * PAD(u) over PAD(S). Undefined when A mod N is 0, 1 or N - 1, when u is 0, or when A·v^u falls on one of those values:
 * a client that got there knows S without the password.
 */
export function computeServerKey({ A, B, b, verifier }: ServerKeyInput): Buffer | undefined {
  const a = toBigInt(A) % prime
  if (!isUsable(a) || !isUsable(toBigInt(verifier))) return undefined
  const u = createHash('sha256')
    .update(pad(fromBigInt(a)))
    .update(pad(B))
    .digest()
  if (u.every((byte) => byte === 0)) return undefined
  const base = (a * toBigInt(power(verifier, u))) % prime
  if (!isUsable(base)) return undefined
  const S = power(fromBigInt(base), b)
  return Buffer.from(hkdfSync('sha256', pad(S), pad(u), 'Caldera Derived Key', claimKeyBytes))
}

/**
 * PASSWORD_CLAIM_SIGNATURE before base64: HMAC-SHA256(key, poolName ‖ userId ‖ secret block ‖ timestamp), 32 bytes.
 * `secretBlock` is the decoded SECRET_BLOCK, `timestamp` the TIMESTAMP text as sent ("Wed Jan 7 09:05:03 UTC 2026").
 */
export function passwordClaimSignature(
  key: Uint8Array,
  poolName: string,
  userId: string,
  secretBlock: Uint8Array,
  timestamp: string,
): Buffer {
  return createHmac('sha256', key)
    .update(`${poolName}${userId}`, 'utf8')
    .update(secretBlock)
    .update(timestamp, 'utf8')
    .digest()
}

/** Whether the client's PASSWORD_CLAIM_SIGNATURE (base64) is the expected signature, in constant time. */
export function passwordClaimMatches(expected: Uint8Array, claim: string): boolean {
  return equalBytes(Buffer.from(expected).toString('base64'), claim)
}
