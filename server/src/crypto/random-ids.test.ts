import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  accountAccessKeyId,
  accountOfAccessKeyId,
  clientId,
  clientSecret,
  numericCode,
  poolIdSuffix,
  type RandomBytes,
  secretAccessKey,
  sixDigitCode,
  sub,
  temporaryPassword,
} from './random-ids.ts'

/** Repeatable bytes, so that a statistical test passes or fails for good. */
function seeded(seed: string): RandomBytes {
  let block = 0
  let pool = Buffer.alloc(0)
  return (count) => {
    while (pool.byteLength < count) {
      pool = Buffer.concat([pool, createHash('sha512').update(`${seed} ${block++}`).digest()])
    }
    const taken = pool.subarray(0, count)
    pool = pool.subarray(count)
    return taken
  }
}

/**
 * Pearson's statistic as standard deviations from its mean (k - 1, variance 2(k - 1)). Uniform counts stay within about 5;
 * a modulo bias of 256 % 62 gives hundreds at these sample sizes.
 */
function deviation(counts: ReadonlyMap<string, number>, categories: number): number {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const expected = total / categories
  let statistic = (categories - counts.size) * expected
  for (const count of counts.values()) statistic += (count - expected) ** 2 / expected
  return (statistic - (categories - 1)) / Math.sqrt(2 * (categories - 1))
}

function countOf(items: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}

const ACCOUNT = '123456789012'
const forms: Array<[name: string, make: (random: RandomBytes) => string, form: RegExp, alphabet: number]> = [
  ['poolIdSuffix', poolIdSuffix, /^[A-Za-z0-9]{9}$/, 62],
  ['clientId', clientId, /^[a-z0-9]{26}$/, 36],
  ['clientSecret', clientSecret, /^[a-z0-9]{51}$/, 36],
  ['sixDigitCode', sixDigitCode, /^\d{6}$/, 10],
  ['eight digits', (random) => numericCode(random, 8), /^\d{8}$/, 10],
  ['accessKeyId', (random) => accountAccessKeyId(random, ACCOUNT, 'AKIA').slice(-7), /^[A-Z2-7]{7}$/, 32],
  ['secretAccessKey', secretAccessKey, /^[A-Za-z0-9+/]{40}$/, 64],
]

describe.each(forms)('%s', (name, make, form, alphabet) => {
  const made = Array.from({ length: 8000 }, (_, index) => make(index === 0 ? randomBytes : seeded(`${name} ${index}`)))

  test('has its form and does not repeat', () => {
    for (const id of made) expect(id).toMatch(form)
    // A million codes are few: 8,000 draws repeat about 32 times.
    expect(new Set(made).size).toBeGreaterThan(name.includes('igit') ? 7900 : 7999)
  })

  test('is uniform over the alphabet, at every position', () => {
    expect(Math.abs(deviation(countOf(made.join('')), alphabet))).toBeLessThan(5)
    for (let place = 0; place < (made[0]?.length ?? 0); place++) {
      expect(Math.abs(deviation(countOf(made.map((id) => id.charAt(place))), alphabet))).toBeLessThan(5)
    }
  })
})

test('neighbouring positions are independent', () => {
  const random = seeded('pairs')
  const pairs = Array.from({ length: 40_000 }, () => sixDigitCode(random).slice(2, 4))
  expect(Math.abs(deviation(countOf(pairs), 100))).toBeLessThan(5)
})

test('the statistic notices a modulo bias', () => {
  const random = seeded('bias')
  const biased = Array.from({ length: 70_000 }, () => String((random(1)[0] ?? 0) % 10))
  expect(deviation(countOf(biased), 10)).toBeGreaterThan(5)
})

describe('accountAccessKeyId', () => {
  test('holds its prefix and its account', () => {
    for (const account of ['000000000000', '000000000001', '123456789012', '999999999998', '999999999999']) {
      for (const prefix of ['AKIA', 'ASIA'] as const) {
        const id = accountAccessKeyId(randomBytes, account, prefix)
        expect(id).toMatch(new RegExp(`^${prefix}[Q-Z2-7][A-Z2-7]{15}$`))
        expect(accountOfAccessKeyId(id)).toBe(account)
      }
    }
  })

  // The layout that other tools decode: bits 2 to 41 of the first 48 are the account.
  test('has the layout that other tools decode', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
    const id = accountAccessKeyId(randomBytes, '581039954779', 'AKIA')
    const bits = [...id.slice(4)].map((one) => alphabet.indexOf(one).toString(2).padStart(5, '0')).join('')
    expect(Number.parseInt(bits.slice(1, 41), 2)).toBe(581039954779)
  })

  test('decodes an id that AWS made', () => {
    expect(accountOfAccessKeyId('ASIAQNZGKIQY56JQ7WML')).toBe('029608264753')
  })

  test('an account is 12 digits', () => {
    expect(() => accountAccessKeyId(randomBytes, '12345', 'AKIA')).toThrow('12 digits')
  })

  test.each([
    ['of an older form', 'AKIAIOSFODNN7EXAMPLE'],
    ['beyond the last account', 'AKIA7777777777777777'],
    ['of something else', 'AIDAQNZGKIQY56JQ7WML'],
    ['too short', 'ASIAQNZGKIQY56JQ7WM'],
    ['too long', 'ASIAQNZGKIQY56JQ7WMLA'],
    ['in lower case', 'ASIAqnzgkiqy56jq7wml'],
    ['empty', ''],
  ])('nothing is read from one %s', (_title, id) => {
    expect(accountOfAccessKeyId(id)).toBeUndefined()
  })
})

describe('sub', () => {
  test('is a version 4 UUID with 122 random bits', () => {
    expect(sub(() => new Uint8Array(16))).toBe('00000000-0000-4000-8000-000000000000')
    expect(sub(() => new Uint8Array(16).fill(255))).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff')
    expect(sub((count) => Uint8Array.from({ length: count }, (_, index) => index))).toBe(
      '00010203-0405-4607-8809-0a0b0c0d0e0f',
    )
  })

  test('does not change the bytes of the random source', () => {
    const bytes = new Uint8Array(16).fill(255)
    sub(() => bytes)
    expect(bytes).toEqual(new Uint8Array(16).fill(255))
  })
})

describe('temporaryPassword', () => {
  const strict = { RequireUppercase: true, RequireLowercase: true, RequireNumbers: true, RequireSymbols: true }
  // Symbols a policy counts (docs/reference/user-pools.md 5.4).
  const symbol = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/

  test.each([
    ['defaults', { MinimumLength: 8, ...strict }, 12],
    ['nothing required', {}, 12],
    ['shortest', { MinimumLength: 6, ...strict }, 12],
    ['longest', { MinimumLength: 99, ...strict }, 99],
    ['no symbols', { MinimumLength: 20, RequireUppercase: true }, 20],
  ])('satisfies the policy: %s', (name, policy, length) => {
    const random = seeded(name)
    for (let run = 0; run < 2000; run++) {
      const password = temporaryPassword(policy, random)
      expect(password).toHaveLength(length)
      expect(password).toMatch(/[A-Z]/)
      expect(password).toMatch(/[a-z]/)
      expect(password).toMatch(/[0-9]/)
      expect(symbol.test(password)).toBe('RequireSymbols' in policy)
      expect(password).not.toMatch(/[\s<>&"'`{}\\]/)
    }
  })

  test('ties no position to a class', () => {
    const random = seeded('places')
    const passwords = Array.from({ length: 5000 }, () => temporaryPassword({ MinimumLength: 8, ...strict }, random))
    for (const members of [/[A-Z]/, /[a-z]/, /[0-9]/, symbol]) {
      const counts = new Map<string, number>()
      for (let place = 0; place < 12; place++) {
        counts.set(String(place), passwords.filter((password) => members.test(password.charAt(place))).length)
      }
      expect(Math.abs(deviation(counts, 12))).toBeLessThan(5)
    }
  })

  test('is uniform within a class', () => {
    const random = seeded('class')
    const text = Array.from({ length: 5000 }, () => temporaryPassword({ MinimumLength: 8, ...strict }, random)).join('')
    expect(Math.abs(deviation(countOf(text.replace(/[^a-z]/g, '')), 26))).toBeLessThan(5)
    expect(Math.abs(deviation(countOf(text.replace(/[^0-9]/g, '')), 10))).toBeLessThan(5)
  })
})

test('a source that never varies is an error, not an endless loop', () => {
  const stuck: RandomBytes = (count) => new Uint8Array(count).fill(255)
  expect(() => poolIdSuffix(stuck)).toThrow('random source')
  expect(() => temporaryPassword({}, (count) => new Uint8Array(count))).toThrow('random source')
})
