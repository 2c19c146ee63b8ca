import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { threadJobs } from './jobs.ts'
import { createSrpCredential, parseCredential, type SrpCredential, serializeCredential } from './password.ts'

const identity = { poolName: 'pool', userId: 'user', password: 'Passw0rd!' }

test('a new credential fits its password and no other', async () => {
  const credential = await createSrpCredential(identity, randomBytes, threadJobs.srpVerifier)
  expect(credential.salt).toHaveLength(16)
  const { salt, verifier } = credential
  expect(threadJobs.passwordMatches({ ...identity, salt, verifier })).toBe(true)
  expect(threadJobs.passwordMatches({ ...identity, password: 'Passw0rd?', salt, verifier })).toBe(false)
  expect(threadJobs.passwordMatches({ ...identity, userId: 'other', salt, verifier })).toBe(false)
  expect(threadJobs.passwordMatches({ ...identity, poolName: 'other', salt, verifier })).toBe(false)
  const other = await createSrpCredential(identity, randomBytes, threadJobs.srpVerifier)
  expect(other.salt).not.toEqual(salt)
})

test('a password of more than 256 characters of four bytes is never hashed', async () => {
  const long = { ...identity, password: 'x'.repeat(1025) }
  const neverCalled = () => Promise.reject(new Error('hashed'))
  await expect(createSrpCredential(long, randomBytes, neverCalled)).rejects.toThrow(RangeError)
  const stored = threadJobs.srpVerifier({ ...long, salt: randomBytes(16).fill(1) })
  expect(threadJobs.passwordMatches({ ...long, salt: randomBytes(16).fill(1), verifier: stored })).toBe(false)
  const longest = { ...identity, password: '😀'.repeat(256) }
  const { salt, verifier } = await createSrpCredential(longest, randomBytes, threadJobs.srpVerifier)
  expect(threadJobs.passwordMatches({ ...longest, salt, verifier })).toBe(true)
  expect(threadJobs.passwordMatches({ ...longest, password: '😀'.repeat(255), salt, verifier })).toBe(false)
})

test('is stored in 402 bytes whatever the verifier, and read back', () => {
  const short: SrpCredential = { kind: 'srp', salt: randomBytes(16), verifier: Uint8Array.of(5) }
  const full: SrpCredential = { kind: 'srp', salt: randomBytes(16), verifier: randomBytes(384) }
  for (const credential of [short, full]) {
    const bytes = serializeCredential(credential)
    expect(bytes).toHaveLength(402)
    const parsed = parseCredential(bytes) as SrpCredential | undefined
    expect(parsed?.kind).toBe('srp')
    expect(Buffer.from(parsed?.salt ?? [])).toEqual(Buffer.from(credential.salt))
    expect(parsed?.verifier).toHaveLength(384)
    expect(Buffer.from(parsed?.verifier ?? []).subarray(-credential.verifier.length)).toEqual(
      Buffer.from(credential.verifier),
    )
  }
  const read = parseCredential(serializeCredential(short)) as SrpCredential | undefined
  expect(read?.verifier.slice(0, 383)).toEqual(new Uint8Array(383))
})

test('an imported hash is stored as its text', () => {
  const credential = { kind: 'imported-hash', text: '$2b$04$é' } as const
  expect(parseCredential(serializeCredential(credential))).toEqual(credential)
})

test('a parsed credential shares no memory with the bytes it came from', () => {
  const bytes = serializeCredential({ kind: 'srp', salt: randomBytes(16), verifier: randomBytes(384) })
  const parsed = parseCredential(bytes) as SrpCredential | undefined
  expect(parsed?.salt.buffer.byteLength).toBe(16)
  expect(parsed?.verifier.buffer.byteLength).toBe(384)
})

test('other bytes are no credential', () => {
  const bytes = serializeCredential({ kind: 'srp', salt: randomBytes(16), verifier: randomBytes(384) })
  const otherKind = Buffer.from(bytes).fill(3, 0, 1)
  const otherSaltLength = Buffer.from(bytes).fill(15, 1, 2)
  for (const wrong of [
    Buffer.alloc(0),
    Buffer.of(1),
    otherKind,
    otherSaltLength,
    bytes.subarray(1),
    bytes.subarray(0, -1),
  ]) {
    expect(parseCredential(wrong)).toBeUndefined()
  }
  expect(() => serializeCredential({ kind: 'srp', salt: randomBytes(256), verifier: randomBytes(384) })).toThrow()
  expect(() => serializeCredential({ kind: 'srp', salt: randomBytes(16), verifier: randomBytes(385) })).toThrow()
})
