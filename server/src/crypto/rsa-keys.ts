// Which RSA keys of others are trusted. Verifying with a weak key succeeds for whoever found its private half, and a
// small exponent forgives signatures that are padded wrongly (Bleichenbacher 2006).
import { createHash, type KeyObject } from 'node:crypto'

/** OpenSSL refuses longer ones, whose signatures would take long to verify. */
const LARGEST_BITS = 16_384
/** FIPS 186-5 A.1.1: 2^16 < e. */
const SMALLEST_EXPONENT = 65_537n

/**
 * What is wrong with an RSA public key, to follow "the key": it is too long, its exponent is small or even, or its
 * modulus is easily factored. Undefined for a sound key, and for one that is not RSA. That a key is too short is checked
 * where it verifies, since metadata may have old keys beside the one that signs.
 */
export function rsaProblem(key: KeyObject): string | undefined {
  if (key.asymmetricKeyType !== 'rsa') return undefined
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength > LARGEST_BITS) return `is longer than ${LARGEST_BITS} bits`
  if (publicExponent < SMALLEST_EXPONENT || publicExponent % 2n === 0n)
    return `has an exponent that is even or below ${SMALLEST_EXPONENT}`
  return modulusProblem(key)
}

/** Problems by a digest of the modulus: providers' keys are read at every sign-in, and factoring takes milliseconds. */
const known = new Map<string, string | undefined>()
const KEPT = 1000

function modulusProblem(key: KeyObject): string | undefined {
  const { n = '' } = key.export({ format: 'jwk' })
  const id = createHash('sha256').update(n).digest('base64')
  if (known.has(id)) return known.get(id)
  const modulus = BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`)
  const problem = hasSmallFactor(modulus)
    ? 'has a modulus with a small factor'
    : isOfFlawedGenerator(modulus)
      ? 'has primes of a flawed generator (ROCA)'
      : hasCloseFactors(modulus)
        ? 'has primes that are too close to each other'
        : undefined
  if (known.size >= KEPT) known.delete(known.keys().next().value as string)
  known.set(id, problem)
  return problem
}

const primesBelow = (end: number): number[] => {
  const found: number[] = []
  for (let number = 2; number < end; number++) if (found.every((prime) => number % prime !== 0)) found.push(number)
  return found
}

const smallPrimes = primesBelow(708)

const hasSmallFactor = (modulus: bigint): boolean => smallPrimes.some((prime) => modulus % BigInt(prime) === 0n)

/** The powers of 65537 modulo a prime. */
function powers(prime: number): ReadonlySet<number> {
  const found = new Set<number>()
  for (let power = 1; !found.has(power); power = (power * 65_537) % prime) found.add(power)
  return found
}

let fingerprint: { prime: bigint; residues: ReadonlySet<number> }[] | undefined

/**
 * Keys of Infineon's library (CVE-2017-15361; Nemec et al., "The Return of Coppersmith's Attack", 2017): their moduli are
 * powers of 65537 modulo every small prime, up to the 71st in the keys of least length that matter here. A random modulus is
 * with a probability below 2^-27.
 */
function isOfFlawedGenerator(modulus: bigint): boolean {
  fingerprint ??= smallPrimes
    .slice(0, 71)
    .map((prime) => ({ prime: BigInt(prime), residues: powers(prime) }))
    .filter(({ prime, residues }) => residues.size < Number(prime) - 1)
  return fingerprint.every(({ prime, residues }) => residues.has(Number(modulus % prime)))
}

/** Rounds of Fermat's factorization; real cases (CVE-2022-26320) took fewer than 20. */
const FERMAT_ROUNDS = 100

function hasCloseFactors(modulus: bigint): boolean {
  let middle = squareRoot(modulus)
  if (middle * middle < modulus) middle += 1n
  for (let round = 0; round < FERMAT_ROUNDS; round++, middle += 1n) if (isSquare(middle * middle - modulus)) return true
  return false
}

function isSquare(number: bigint): boolean {
  // Squares end with 0, 1, 4 or 9 in hexadecimal: the rest need no root.
  if (![0, 1, 4, 9].includes(Number(number & 15n))) return false
  const root = squareRoot(number)
  return root * root === number
}

/** The integer part of the root, by Newton's method from above. */
function squareRoot(number: bigint): bigint {
  if (number < 2n) return number
  let root = 1n << BigInt((number.toString(16).length * 4 + 1) >> 1)
  for (;;) {
    const next = (root + number / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
