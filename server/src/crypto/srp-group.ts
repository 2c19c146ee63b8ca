// The group of Cognito's SRP and the arithmetic modulo its prime: RFC 3526 group 15 (3072 bits), generator 2.
// Numbers are passed as unsigned big-endian bytes without leading zeros; BigInt is used only inside this folder.
import { createHash, DiffieHellman, getDiffieHellman } from 'node:crypto'

/** N, 384 bytes. */
export const primeBytes: Buffer = getDiffieHellman('modp15').getPrime()
export const prime: bigint = toBigInt(primeBytes)
const generatorBytes = Buffer.from([2])

/**
 * Node's own group 15, one object for the thread, with the private key set anew for each exponentiation: jobs are
 * synchronous, so no two share it. `createDiffieHellman(prime)` would take 1.5 s on Node.js 24, which tests the prime of
 * each object for primality. Node knows the prime of a named group, but gives such a group no `setPrivateKey`: the one of
 * DiffieHellman works on it, on Node.js 20, 22 and 24.
 */
const group = getDiffieHellman('modp15')

function withPrivateKey(exponent: Uint8Array): typeof group {
  Reflect.apply(DiffieHellman.prototype.setPrivateKey, group, [exponent])
  return group
}

/**
 * PAD of the reference (docs/reference/user-pools.md 9.2): minimal big-endian bytes, one 00 in front when the top bit
 * is set (the form Java's BigInteger.toByteArray gives, which Cognito hashes). Zero is the one byte 00.
 */
export function pad(number: Uint8Array): Buffer {
  let start = 0
  while (start < number.byteLength - 1 && number[start] === 0) start++
  const minimal = number.subarray(start)
  const first = minimal[0] ?? 0
  return minimal.byteLength === 0 || first >= 0x80 ? Buffer.concat([Buffer.from([0]), minimal]) : Buffer.from(minimal)
}

/** k of SRP-6a: SHA-256(PAD(N) ‖ 02). */
export const multiplier: bigint = toBigInt(createHash('sha256').update(pad(primeBytes)).update(generatorBytes).digest())

export function toBigInt(bytes: Uint8Array): bigint {
  return bytes.byteLength === 0
    ? 0n
    : BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`)
}

export function fromBigInt(value: bigint): Buffer {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}

/** 2^exponent mod N. */
export const powerOfGenerator = (exponent: Uint8Array): Buffer => withPrivateKey(exponent).generateKeys()

/**
 * base^exponent mod N. `base` must satisfy `isUsable`: OpenSSL refuses 0, 1 and everything from N - 1 with an exception.
 * OpenSSL's constant-time Montgomery ladder takes 0.6 ms for a 256-bit exponent where BigInt takes 4 ms, and does not
 * leak the exponent by its time. On Node.js 22 OpenSSL first raises the base to (N - 1) / 2, which makes it 5.9 ms.
 */
export function power(base: Uint8Array, exponent: Uint8Array): Buffer {
  withPrivateKey(exponent)
  try {
    return group.computeSecret(base)
  } catch {
    return powerOfNonResidue(base, exponent)
  }
}

/**
 * `power` of a base that is no square modulo N, which Node.js 22 refuses: N - base is a square, and the powers of the two
 * differ in the sign at most. Clients that follow the protocol send squares only.
 */
function powerOfNonResidue(base: Uint8Array, exponent: Uint8Array): Buffer {
  const mirrored = group.computeSecret(fromBigInt(prime - toBigInt(base)))
  const odd = ((exponent[exponent.byteLength - 1] ?? 0) & 1) === 1
  return odd ? fromBigInt(prime - toBigInt(mirrored)) : mirrored
}

/** The square of a number modulo N, 384 bytes: as every honest verifier is, an element of the subgroup of squares. */
export function square(number: Uint8Array): Buffer {
  const value = toBigInt(number)
  return Buffer.from(((value * value) % prime).toString(16).padStart(primeBytes.byteLength * 2, '0'), 'hex')
}

/** Whether 1 < number < N - 1: neither 0 nor an element of order 1 or 2, which would fix the shared secret. */
export function isUsable(number: bigint): boolean {
  return number > 1n && number < prime - 1n
}
