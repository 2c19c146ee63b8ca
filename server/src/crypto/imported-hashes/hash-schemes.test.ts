// Vectors made by other software: bcrypt and argon2-cffi, passlib, Django, and that of firebase/scrypt.
import { pbkdf2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readHash, schemes } from './hash-schemes.ts'
import vectors from './vectors.json' with { type: 'json' }

type Algorithm = 'BCRYPT' | 'SCRYPT' | 'ARGON2ID' | 'PBKDF2_SHA256'
const ALGORITHMS: readonly Algorithm[] = ['BCRYPT', 'SCRYPT', 'ARGON2ID', 'PBKDF2_SHA256']

describe.each(vectors)('$name', ({ hash, password, algorithm }) => {
  it('knows the password from others', async () => {
    const check = readHash(hash)
    expect(await check?.(password)).toBe(true)
    for (const other of [password.slice(1), '']) expect(await check?.(other)).toBe(false)
  })

  it('is read for its own algorithm, and with those of other systems for every one', () => {
    const own = hash.startsWith('$cognomen-srp$')
    for (const asked of ALGORITHMS) {
      expect(readHash(hash, { algorithm: asked, foreign: false }) !== undefined).toBe(own || asked === algorithm)
      expect(readHash(hash, { algorithm: asked, foreign: true })).toBeDefined()
    }
  })

  it('is not read with anything before or after it', () => {
    for (const wrong of [`${hash}\n`, ` ${hash}`, `${hash}$`, `${hash}`.repeat(20)])
      expect(readHash(wrong)).toBeUndefined()
  })
})

it('each form has a vector that it is the first to read', () => {
  const readers = vectors.map(({ hash }) => schemes.find(({ read }) => read(hash)))
  expect(schemes.filter((scheme) => !readers.includes(scheme)).map(({ name }) => name)).toEqual([])
})

describe('PBKDF2 of several blocks', () => {
  const of = (bytes: number, digest: 'sha1' | 'sha256' | 'sha512') =>
    pbkdf2Sync('hunter2', Buffer.from('saltsalt'), 10, bytes, digest)
  const textOf = (name: string, hash: Buffer) =>
    `$keycloak$pbkdf2${name}$10$${Buffer.from('saltsalt').toString('base64')}$${hash.toString('base64')}`

  it.each([
    ['', 'sha1'],
    ['-sha256', 'sha256'],
    ['-sha512', 'sha512'],
  ] as const)('%s is judged by the first, so that no hash costs more than its iterations', async (name, digest) => {
    const hash = of(128, digest)
    expect(await readHash(textOf(name, hash))?.('hunter2')).toBe(true)
    expect(await readHash(textOf(name, hash))?.('hunter3')).toBe(false)
    const first = Buffer.concat([hash.subarray(0, 64), Buffer.alloc(64)])
    expect(await readHash(textOf(name, first))?.('hunter2')).toBe(true)
    hash[0] = (hash[0] ?? 0) ^ 1
    expect(await readHash(textOf(name, hash))?.('hunter2')).toBe(false)
  })
})

it('the default of PHP and Laravel is read', () => {
  expect(
    readHash(`$argon2id$v=19$m=65536,t=4,p=1$${'c2FsdHNhbHRzYWx0'}$${'aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g'}`),
  ).toBeDefined()
})

const salt = 'c2FsdHNhbHRzYWx0'
const hash = 'aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g'
const rest = `/${'a'.repeat(52)}`

describe('what would cost too much', () => {
  it.each([
    ['BCRYPT', `$2b$13$${rest}`],
    ['BCRYPT', `$2b$03$${rest}`],
    ['SCRYPT', `131072$8$1$00$${'ab'.repeat(32)}`],
    ['SCRYPT', `65536$9$1$00$${'ab'.repeat(32)}`],
    ['SCRYPT', `65536$8$2$00$${'ab'.repeat(32)}`],
    ['SCRYPT', `60000$8$1$00$${'ab'.repeat(32)}`],
    ['SCRYPT', `0$8$1$00$${'ab'.repeat(32)}`],
    ['ARGON2ID', `$argon2id$v=19$m=19457,t=2,p=1$${salt}$${hash}`],
    ['ARGON2ID', `$argon2id$v=19$m=19456,t=3,p=1$${salt}$${hash}`],
    ['ARGON2ID', `$argon2id$v=19$m=19456,t=2,p=2$${salt}$${hash}`],
    ['ARGON2ID', `$argon2id$v=19$m=4,t=2,p=1$${salt}$${hash}`],
    ['ARGON2ID', `$argon2i$v=19$m=1024,t=2,p=1$${salt}$${hash}`],
    ['PBKDF2_SHA256', `$pbkdf2-sha256$600001$${salt}$${hash}`],
    ['PBKDF2_SHA256', `$pbkdf2-sha256$0$${salt}$${hash}`],
  ] as const)('%s %s', (algorithm, text) => {
    expect(readHash(text, { algorithm, foreign: false })).toBeUndefined()
  })

  it.each([
    `$2b$14$${rest}`,
    `$argon2id$v=19$m=102401,t=1,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=102400,t=3,p=1$${salt}$${hash}`,
    `pbkdf2_sha256$1500001$salt$${hash}=`,
    `scrypt$131072$salt$8$1$${hash}=`,
    `$keycloak$pbkdf2-sha512$9999999$${salt}$${hash}=`,
    `$cognomen-srp$Ab1Cd2Ef3$dXNlcg$c2FsdA$AQ`,
    `$cognomen-srp$Ab1Cd2Ef3$dXNlcg$c2FsdA$${'_'.repeat(512)}`,
    `$firebase-scrypt$9$14$Bw==$AAAA$AAAA$AAAA`,
    `$firebase-scrypt$8$17$Bw==$AAAA$AAAA$AAAA`,
    '$P$Yabcdefgh0123456789012345678901',
  ])('of other systems: %s', (text) => {
    expect(readHash(text)).toBeUndefined()
  })
})
