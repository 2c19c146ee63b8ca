import { createPublicKey, generateKeyPairSync, generatePrimeSync, type KeyObject, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { rsaProblem } from './rsa-keys.ts'

const base64url = (number: bigint): string => {
  const hex = number.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url')
}
const keyOf = (modulus: bigint, exponent = 65_537n): KeyObject =>
  createPublicKey({ key: { kty: 'RSA', n: base64url(modulus), e: base64url(exponent) }, format: 'jwk' })
const random = (bits: number): bigint => BigInt(`0x${randomBytes(bits / 8).toString('hex')}`)
const prime = (bits: number): bigint => generatePrimeSync(bits, { bigint: true })
const modulusOf = (key: KeyObject): bigint =>
  BigInt(`0x${Buffer.from(key.export({ format: 'jwk' }).n ?? '', 'base64url').toString('hex')}`)

const sound = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey

const firstPrimes: bigint[] = []
for (let number = 2n; firstPrimes.length < 126; number++)
  if (firstPrimes.every((each) => number % each !== 0n)) firstPrimes.push(number)

describe('rsaProblem', () => {
  test('finds none in sound keys', () => {
    expect(rsaProblem(sound)).toBeUndefined()
    expect(rsaProblem(keyOf(modulusOf(sound), 65_539n))).toBeUndefined()
    expect(rsaProblem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)).toBeUndefined()
  })

  test.each([1n, 3n, 17n, 257n, 65_535n, 65_536n, 65_538n])('refuses the exponent %s', (exponent) => {
    expect(rsaProblem(keyOf(modulusOf(sound), exponent))).toMatch(/exponent/)
  })

  test('refuses endless keys', () => {
    expect(rsaProblem(keyOf(random(16_400) | (1n << 16_399n) | 1n))).toMatch(/longer/)
  })

  test('refuses a modulus with a small factor', () => {
    for (const factor of [2n, 3n, 251n, 701n]) expect(rsaProblem(keyOf(factor * prime(2048)))).toMatch(/small factor/)
  })

  test('refuses primes that are close to each other', () => {
    const one = prime(1024)
    // The next number without a small factor: a generator that counts on from the first prime stops near it.
    let other = one + 2n
    while (firstPrimes.some((small) => other % small === 0n)) other += 2n
    expect(rsaProblem(keyOf(one * other))).toMatch(/close/)
    expect(rsaProblem(keyOf(one * one))).toMatch(/close/)
  })

  test('refuses moduli of the flawed generator', () => {
    // k * M + (65537^a mod M), M the product of the first 126 primes, as Infineon's library made primes of 1024 bits.
    const M = firstPrimes.reduce((product, each) => product * each, 1n)
    const flawed = (): bigint => {
      let power = 1n
      for (let step = 0n; step < random(8); step++) power = (power * 65_537n) % M
      const k = random(1024 - M.toString(2).length + 7 - ((1024 - M.toString(2).length + 7) % 8)) | 1n
      return k * M + power
    }
    let modulus = flawed() * flawed()
    while (modulus.toString(2).length < 2048) modulus = modulus * 65_537n
    expect(rsaProblem(keyOf(modulus))).toMatch(/ROCA/)
  })
})
