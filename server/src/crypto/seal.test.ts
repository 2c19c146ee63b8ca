import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSealer } from './seal.ts'

const current = randomBytes(32)
const sealer = createSealer({ current })

describe('seal and open', () => {
  test('gives back text and bytes of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.string(), fc.string(), (plaintext, purpose, aad) => {
        const opened = sealer.open(purpose, sealer.seal(purpose, plaintext, aad), aad)
        expect(opened && Buffer.compare(opened, plaintext)).toBe(0)
      }),
    )
    expect(sealer.open('p', sealer.seal('p', 'geheim ✓', 'row'), 'row')?.toString('utf8')).toBe('geheim ✓')
    expect(sealer.open('p', sealer.seal('p', '', 'row'), 'row')).toEqual(Buffer.alloc(0))
  })

  test('is base64url of the stated length and never the same twice', () => {
    const sealed = Array.from({ length: 500 }, () => sealer.seal('p', 'same', 'row'))
    expect(new Set(sealed.map((text) => text.slice(8, 40))).size).toBe(500)
    for (const text of sealed) expect(text).toMatch(/^[\w-]{67}$/)
    expect(sealer.seal('p', '', '')).toHaveLength(62)
  })

  test('holds no trace of the plaintext', () => {
    const plaintext = 'a long secret text '.repeat(20)
    const bytes = Buffer.from(sealer.seal('p', plaintext, 'row'), 'base64url')
    expect(bytes.includes('secret')).toBe(false)
    // No keystream is used twice: the XOR of two ciphertexts of one text must not be zero.
    const [one, two] = [0, 1].map(() => Buffer.from(sealer.seal('p', plaintext, 'row'), 'base64url').subarray(30, -16))
    expect(one?.equals(two ?? Buffer.alloc(0))).toBe(false)
  })

  test('refuses another row, purpose or installation', () => {
    const alice = sealer.seal('srp verifier', 'alice', 'users/alice')
    const bob = sealer.seal('srp verifier', 'bob', 'users/bob')
    expect(sealer.open('srp verifier', bob, 'users/alice')).toBeUndefined()
    expect(sealer.open('srp verifier', alice, 'users/bob')).toBeUndefined()
    expect(sealer.open('totp seed', alice, 'users/alice')).toBeUndefined()
    expect(createSealer({ current: randomBytes(32) }).open('srp verifier', alice, 'users/alice')).toBeUndefined()
    expect(sealer.open('srp verifier', alice, 'users/alice')?.toString()).toBe('alice')
  })

  test('refuses each flipped bit', () => {
    const bytes = Buffer.from(sealer.seal('p', 'text of some length', 'row'), 'base64url')
    for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
      const flipped = Buffer.from(bytes)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(sealer.open('p', flipped.toString('base64url'), 'row')).toBeUndefined()
    }
  })

  test('refuses each changed, dropped and added character', () => {
    // Lengths of every remainder: some leave unused bits in the last character.
    for (const plaintext of ['', 'a', 'ab', 'abc']) {
      const sealed = sealer.seal('p', plaintext, 'row')
      for (let at = 0; at < sealed.length; at++) {
        for (const other of ['A', 'B', 'z', '-', '_', '+', '/', '=', ' ', '\n', '\0', 'é']) {
          if (other === sealed[at]) continue
          expect(sealer.open('p', sealed.slice(0, at) + other + sealed.slice(at + 1), 'row')).toBeUndefined()
        }
        expect(sealer.open('p', sealed.slice(0, at), 'row')).toBeUndefined()
        expect(sealer.open('p', sealed.slice(at + 1), 'row')).toBeUndefined()
      }
      for (const more of ['A', '=', '==', '\n', ' ', '.']) {
        expect(sealer.open('p', sealed + more, 'row')).toBeUndefined()
      }
    }
  })

  test('never throws on foreign text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => sealer.open('p', text, 'row') === undefined),
    )
  })
})

test('the format and the derived keys never change: text sealed by any release opens', () => {
  const known = createSealer({ current: Buffer.alloc(32, 7) })
  expect(
    known
      .open('totp seed', 'Go_eiaGyk2B8x6jRn9AeASQXCTqOOAhRBRxsnL6fW70Jg2Nvfh5Q79vnfjzxjGgD6SfwolfU', 'users/alice')
      ?.toString(),
  ).toBe('JBSWY3DP')
  expect(known.mac('salt', 'alice').toString('hex')).toBe(
    'b81d75ddd9e70375a36c30a53e008fd215b42258ef332839f2e433fe76794b60',
  )
})

describe('rotation', () => {
  const older = randomBytes(32)
  const oldest = randomBytes(32)
  const rotated = createSealer({ current, previous: [older, oldest] })

  test('opens what previous keys sealed and seals under the current one', () => {
    for (const key of [older, oldest, current]) {
      const sealed = createSealer({ current: key }).seal('p', 'text', 'row')
      expect(rotated.open('p', sealed, 'row')?.toString()).toBe('text')
      expect(rotated.isCurrent(sealed)).toBe(key === current)
    }
    expect(sealer.open('p', rotated.seal('p', 'text', 'row'), 'row')?.toString()).toBe('text')
    expect(createSealer({ current: older }).open('p', rotated.seal('p', 'text', 'row'), 'row')).toBeUndefined()
  })

  test('refuses the key id of one key on the text of another', () => {
    const sealed = createSealer({ current: older }).seal('p', 'text', 'row')
    const id = rotated.seal('p', 'text', 'row').slice(0, 8)
    expect(rotated.open('p', id + sealed.slice(8), 'row')).toBeUndefined()
  })

  test('the key id is 8 characters, the same for one key, and not taken from the key itself', () => {
    const ids = Array.from({ length: 20 }, () => sealer.seal('p', 'text', 'row').slice(0, 8))
    expect(new Set(ids).size).toBe(1)
    expect(current.toString('base64url')).not.toContain(ids[0])
  })

  test('refuses keys of another length', () => {
    for (const length of [0, 16, 31, 33, 64]) {
      expect(() => createSealer({ current: randomBytes(length) })).toThrow(RangeError)
      expect(() => createSealer({ current, previous: [randomBytes(length)] })).toThrow(RangeError)
    }
  })

  test('does not depend on the array it was given', () => {
    const mine = randomBytes(32)
    const own = createSealer({ current: mine })
    const sealed = own.seal('early', 'text', 'row')
    const kept = createSealer({ current: createSecretKey(mine).export() })
    mine.fill(0)
    expect(own.open('early', sealed, 'row')?.toString()).toBe('text')
    expect(kept.open('late', own.seal('late', 'text', 'row'), 'row')?.toString()).toBe('text')
  })
})

describe('JSON', () => {
  test('gives back values', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const opened = sealer.openJson('p', sealer.sealJson('p', value, 'row'), 'row')
        expect(JSON.stringify(opened)).toBe(JSON.stringify(value))
      }),
    )
  })

  test('answers undefined for damage and for sealed text that is not JSON', () => {
    expect(sealer.openJson('p', `${sealer.sealJson('p', { a: 1 }, 'row')}A`, 'row')).toBeUndefined()
    expect(sealer.openJson('p', sealer.seal('p', '{not json', 'row'), 'row')).toBeUndefined()
  })
})

describe('mac', () => {
  test('repeats for one text and purpose and differs for others', () => {
    expect(sealer.mac('salt', 'alice')).toEqual(createSealer({ current }).mac('salt', 'alice'))
    expect(sealer.mac('salt', 'alice')).toHaveLength(32)
    expect(sealer.mac('salt', 'alice')).not.toEqual(sealer.mac('salt', 'bob'))
    expect(sealer.mac('salt', 'alice')).not.toEqual(sealer.mac('other', 'alice'))
    expect(sealer.mac('salt', 'alice')).not.toEqual(createSealer({ current: randomBytes(32) }).mac('salt', 'alice'))
  })

  test('is recognised under previous keys', () => {
    const older = randomBytes(32)
    const mac = createSealer({ current: older }).mac('code', '123456')
    const rotated = createSealer({ current, previous: [older] })
    expect(rotated.macMatches('code', '123456', mac)).toBe(true)
    expect(rotated.macMatches('code', '123456', rotated.mac('code', '123456'))).toBe(true)
    expect(rotated.macMatches('code', '123457', mac)).toBe(false)
    expect(rotated.macMatches('other', '123456', mac)).toBe(false)
    expect(rotated.macMatches('code', '123456', mac.subarray(1))).toBe(false)
    expect(sealer.macMatches('code', '123456', mac)).toBe(false)
  })
})
