import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  computeServerKey,
  computeVerifier,
  computeX,
  createServerEphemeral,
  isUsableVerifier,
  parseSrpA,
  passwordClaimMatches,
  passwordClaimSignature,
} from './srp.ts'
import {
  fromBigInt,
  multiplier,
  pad,
  power,
  powerOfGenerator,
  prime,
  primeBytes,
  square,
  toBigInt,
} from './srp-group.ts'

const { group, user, device } = JSON.parse(readFileSync(new URL('./srp-vectors.json', import.meta.url), 'utf8'))
const hex = (text: string) => Buffer.from(text, 'hex')
const sha256 = (...parts: Uint8Array[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const sha256Hex = (bytes: Uint8Array) => sha256(bytes).toString('hex')

/** Square and multiply, to check OpenSSL's results against another implementation. */
function slowPower(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = base % prime, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % prime) {
    if (rest & 1n) result = (result * square) % prime
  }
  return result
}

/** What a client does: S = (B - k·g^x)^(a + u·x), from the same hashes. */
function clientKey({ a, x, A, B }: { a: bigint; x: Uint8Array; A: Uint8Array; B: Uint8Array }): Buffer {
  const u = sha256(pad(A), pad(B))
  const base = (((toBigInt(B) - multiplier * slowPower(2n, toBigInt(x))) % prime) + prime) % prime
  const S = fromBigInt(slowPower(base, a + toBigInt(u) * toBigInt(x)))
  return Buffer.from(hkdfSync('sha256', pad(S), pad(u), 'Caldera Derived Key', 16))
}

describe('group', () => {
  test('is RFC 3526 group 15', () => {
    expect(primeBytes.byteLength * 8).toBe(group.bits)
    expect(primeBytes.toString('hex').startsWith(group.hexBegins)).toBe(true)
    expect(primeBytes.toString('hex').endsWith(group.hexEnds)).toBe(true)
    expect(sha256Hex(primeBytes)).toBe(group.sha256)
    expect(multiplier.toString(16)).toBe(group.k)
  })

  test('exponentiation equals an independent one, on residues and others', () => {
    const bases = Array.from({ length: 3 }, () => toBigInt(randomBytes(384)) % prime)
    for (const base of bases.flatMap((one) => [one, prime - one])) {
      for (const lastByte of [0xfe, 0xff]) {
        const exponent = Buffer.concat([randomBytes(31), Buffer.from([lastByte])])
        expect(toBigInt(power(fromBigInt(base), exponent))).toBe(slowPower(base, toBigInt(exponent)))
        expect(toBigInt(powerOfGenerator(exponent))).toBe(slowPower(2n, toBigInt(exponent)))
      }
    }
  })

  test('square is a residue of full width', () => {
    const residue = square(randomBytes(384))
    expect(residue.byteLength).toBe(384)
    expect(slowPower(toBigInt(residue), (prime - 1n) / 2n)).toBe(1n)
    expect(toBigInt(square(Buffer.from([3])))).toBe(9n)
  })

  test('pad is minimal, with 00 before a set top bit', () => {
    const padded = (text: string) => pad(hex(text)).toString('hex')
    expect(padded('7f')).toBe('7f')
    expect(padded('80')).toBe('0080')
    expect(padded('000080')).toBe('0080')
    expect(padded('0000017f')).toBe('017f')
    expect(padded('00')).toBe('00')
    expect(padded('')).toBe('00')
  })
})

describe('published vectors', () => {
  const A = powerOfGenerator(hex(user.a))
  const verifier = computeVerifier(user.poolName, user.userId, user.password, hex(user.salt))
  const B = createServerEphemeral(verifier, hex(user.b))

  test('x and verifier', () => {
    expect(computeX(user.poolName, user.userId, user.password, hex(user.salt)).toString('hex')).toBe(user.x)
    expect(sha256Hex(pad(verifier))).toBe(user.sha256OfPadV)
  })

  test('A and B', () => {
    expect(A.toString('hex').startsWith(user.aBegins)).toBe(true)
    expect(sha256Hex(pad(A))).toBe(user.sha256OfPadA)
    expect(B.toString('hex').startsWith(user.bBegins)).toBe(true)
    expect(sha256Hex(pad(B))).toBe(user.sha256OfPadB)
  })

  test('u and S', () => {
    const u = sha256(pad(A), pad(B))
    expect(u.toString('hex')).toBe(user.u)
    const base = (toBigInt(A) * toBigInt(power(verifier, u))) % prime
    expect(sha256Hex(pad(power(fromBigInt(base), hex(user.b))))).toBe(user.sha256OfPadS)
  })

  test('key and claim', () => {
    const key = computeServerKey({ A, B, b: hex(user.b), verifier })
    expect(key?.toString('hex')).toBe(user.key)
    const secretBlock = Buffer.from(user.secretBlockText)
    const signature = passwordClaimSignature(hex(user.key), user.poolName, user.userId, secretBlock, user.timestamp)
    expect(signature.toString('base64')).toBe(user.claim)
    expect(passwordClaimMatches(signature, user.claim)).toBe(true)
  })

  test('device form', () => {
    const salt = hex(device.salt)
    expect(computeX(device.poolName, device.userId, device.password, salt).toString('hex')).toBe(device.x)
    expect(sha256Hex(pad(computeVerifier(device.poolName, device.userId, device.password, salt)))).toBe(
      device.sha256OfPadV,
    )
  })
})

describe('a sign-in', () => {
  test('gives client and server one key, for salts and values with leading zeros, too', () => {
    for (const salt of [randomBytes(16), Buffer.concat([Buffer.alloc(2), randomBytes(14)]), Buffer.alloc(16, 0xff)]) {
      const a = randomBytes(128)
      const A = parseSrpA(slowPower(2n, toBigInt(a)).toString(16))
      if (!A) throw new Error('A was refused')
      // A client reads SALT as a number and loses its leading zeros.
      const x = computeX('pool', 'üser', 'pässword ', fromBigInt(toBigInt(salt)))
      const b = randomBytes(32)
      const verifier = computeVerifier('pool', 'üser', 'pässword ', salt)
      const B = createServerEphemeral(verifier, b)
      const key = computeServerKey({ A, B, b, verifier })
      expect(key).toEqual(clientKey({ a: toBigInt(a), x, A, B }))
      const otherVerifier = computeVerifier('pool', 'üser', 'passwort', salt)
      expect(computeServerKey({ A, B, b, verifier: otherVerifier })).not.toEqual(key)
    }
  })

  test('takes a verifier with a leading zero byte, as a device sends it', () => {
    const verifier = computeVerifier(user.poolName, user.userId, user.password, hex(user.salt))
    const padded = Buffer.concat([Buffer.alloc(1), verifier])
    expect(createServerEphemeral(padded, hex(user.b))).toEqual(createServerEphemeral(verifier, hex(user.b)))
    const [A, B, b] = [powerOfGenerator(hex(user.a)), createServerEphemeral(verifier, hex(user.b)), hex(user.b)]
    expect(computeServerKey({ A, B, b, verifier: padded })?.toString('hex')).toBe(user.key)
  })

  test('claims are bound to every part', () => {
    const sign = (pool: string, id: string, block: string, time: string) =>
      passwordClaimSignature(hex(user.key), pool, id, Buffer.from(block), time)
    const { poolName, userId, secretBlockText, timestamp, claim } = user
    expect(passwordClaimMatches(sign(poolName, userId, secretBlockText, timestamp), claim)).toBe(true)
    expect(passwordClaimMatches(sign('TestPool2', userId, secretBlockText, timestamp), claim)).toBe(false)
    expect(passwordClaimMatches(sign(poolName, 'other', secretBlockText, timestamp), claim)).toBe(false)
    expect(passwordClaimMatches(sign(poolName, userId, 'secret-block-bytez', timestamp), claim)).toBe(false)
    expect(passwordClaimMatches(sign(poolName, userId, secretBlockText, `${timestamp} `), claim)).toBe(false)
    for (const wrong of ['', 'x', claim.slice(0, -1), `${claim}A`, claim.replace('J', 'K'), 'é'.repeat(22)]) {
      expect(passwordClaimMatches(sign(poolName, userId, secretBlockText, timestamp), wrong)).toBe(false)
    }
  })
})

describe('hostile values', () => {
  const b = randomBytes(32)
  const verifier = computeVerifier('pool', 'user', 'password', randomBytes(16))
  const B = createServerEphemeral(verifier, b)

  test.each([
    ['0', 0n],
    ['1', 1n],
    ['N - 1', prime - 1n],
    ['N', prime],
    ['N + 1', prime + 1n],
    ['2N - 1', 2n * prime - 1n],
    ['2N', 2n * prime],
    ['17N', 17n * prime],
  ])('A = %s is refused, parsed or not', (_, A) => {
    expect(parseSrpA(A.toString(16))).toBeUndefined()
    expect(parseSrpA(A.toString(16).toUpperCase().padStart(1000, '0'))).toBeUndefined()
    expect(computeServerKey({ A: fromBigInt(A), B, b, verifier })).toBeUndefined()
  })

  test.each([
    ['empty', ''],
    ['a sign', '-1f'],
    ['a prefix', '0x1f'],
    ['a space', '1f '],
    ['a line end', '1f\n'],
    ['another letter', '1g'],
    ['a fullwidth digit', '１'],
    ['1,025 digits', '1'.repeat(1025)],
    ['a megabyte', 'f'.repeat(1 << 20)],
  ])('SRP_A with %s is refused', (_, text) => {
    expect(parseSrpA(text)).toBeUndefined()
  })

  test('A >= N counts as A mod N', () => {
    expect(parseSrpA((prime + 2n).toString(16))).toEqual(hex('02'))
    expect(parseSrpA('1'.repeat(1024))).toEqual(fromBigInt(BigInt(`0x${'1'.repeat(1024)}`) % prime))
    expect(parseSrpA('2')).toEqual(hex('02'))
    expect(parseSrpA((prime - 2n).toString(16))).toEqual(fromBigInt(prime - 2n))
    const key = computeServerKey({ A: fromBigInt(prime + 12345n), B, b, verifier })
    expect(key).toEqual(computeServerKey({ A: fromBigInt(12345n), B, b, verifier }))
  })

  test('verifiers outside the group are refused', () => {
    for (const bad of [0n, 1n, prime - 1n, prime, prime + 5n]) {
      expect(isUsableVerifier(fromBigInt(bad))).toBe(false)
      expect(() => createServerEphemeral(fromBigInt(bad), b)).toThrow(RangeError)
      expect(computeServerKey({ A: hex('02'), B, b, verifier: fromBigInt(bad) })).toBeUndefined()
    }
    expect(isUsableVerifier(new Uint8Array())).toBe(false)
    expect(isUsableVerifier(new Uint8Array(100_000).fill(1))).toBe(false)
    expect(isUsableVerifier(verifier)).toBe(true)
    expect(isUsableVerifier(Buffer.concat([Buffer.alloc(1), verifier]))).toBe(true)
  })

  test('A made from the verifier so that S is known is refused', () => {
    // u depends on A, so an attacker would have to search; the server's own guard is reached by choosing v = A^(-1/u):
    // A·v^u ≡ 1 means S = 1 for every b.
    const order = (prime - 1n) / 2n
    const A = powerOfGenerator(hex('05'))
    const u = toBigInt(sha256(pad(A), pad(B))) % order
    const inverse = modularInverse(u, order)
    const v = slowPower(2n, (order - ((5n * inverse) % order)) % order)
    expect((toBigInt(A) * slowPower(v, u)) % prime).toBe(1n)
    expect(computeServerKey({ A, B, b, verifier: fromBigInt(v) })).toBeUndefined()
  })
})

function modularInverse(value: bigint, modulus: bigint): bigint {
  let [r0, r1, t0, t1] = [modulus, value % modulus, 0n, 1n]
  while (r1 > 0n) {
    const quotient = r0 / r1
    ;[r0, r1, t0, t1] = [r1, r0 - quotient * r1, t1, t0 - quotient * t1]
  }
  return ((t0 % modulus) + modulus) % modulus
}
