// Password hashes of other systems, which an import brings: a row for each form, with how its text is read and a password
// checked. docs/reference/user-pools.md 16 has the four forms of the service; the foreign ones are docs/import.md.
//
// A text is refused where its parameters would take more time or memory than the bounds of its row allow, so that no
// imported hash can stall a worker thread or exhaust the memory. Checking is slow: it runs in the work pool.
import { createCipheriv, createHash, createHmac, pbkdf2Sync, scryptSync } from 'node:crypto'
import { equalBytes } from '../equal-bytes.ts'
import { limits } from '../limits.ts'
import { readSrpHash } from './srp-hash.ts'

/** What a job of the service may name as its PasswordHashingAlgorithm. */
export type HashAlgorithm = 'BCRYPT' | 'SCRYPT' | 'ARGON2ID' | 'PBKDF2_SHA256'

/** Whether a password is the one of a hash. */
export type HashCheck = (password: string) => boolean | Promise<boolean>

interface HashScheme {
  readonly name: string
  /** The algorithm that a job of the service names for it; without one it is a form of other systems. */
  readonly algorithm?: HashAlgorithm
  /** What this software exports: taken by every job with hashes. */
  readonly own?: true
  /** Undefined for a text that is not of this form, or beyond its bounds. */
  read(text: string): HashCheck | undefined
}

/** Which forms a text may have. */
export interface AcceptedHashes {
  readonly algorithm: HashAlgorithm
  /** Whether forms of other systems are taken as well (IMPORT_FOREIGN_HASHES). */
  readonly foreign: boolean
}

/** The check of a hash; undefined for a text that has none of the accepted forms. Without `accepted`, every form is. */
export function readHash(text: string, accepted?: AcceptedHashes): HashCheck | undefined {
  if (text.length > limits.importedHash.max) return undefined
  for (const { algorithm, own, read } of schemes) {
    if (accepted && algorithm !== accepted.algorithm && !accepted.foreign && !own) continue
    const check = read(text)
    if (check) return check
  }
  return undefined
}

const BASE64 = '[A-Za-z0-9+/_.-]{1,512}={0,2}'
const bytesOf = (base64: string): Buffer => Buffer.from(base64.replaceAll('.', '+'), 'base64')

/** The groups of a match as texts; undefined where the pattern does not match. */
const partsOf = (pattern: RegExp, text: string): string[] | undefined => pattern.exec(text)?.slice(1)

const bcryptForm = /^\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}$/

/** bcrypt compares the first 72 bytes of a password, and `map` may change it before. */
function bcrypt(text: string, maxCost: number, map: (password: string) => string = (password) => password) {
  const [cost] = partsOf(bcryptForm, text) ?? []
  if (cost === undefined || Number(cost) < 4 || Number(cost) > maxCost) return undefined
  return async (password: string): Promise<boolean> => {
    const bytes = Buffer.from(map(password)).subarray(0, 72)
    if (bytes.byteLength === 0) return false
    const { bcryptVerify } = await import('hash-wasm')
    return bcryptVerify({ password: bytes, hash: text })
  }
}

interface ScryptParameters {
  N: number
  r: number
  p: number
}

function scrypt({ N, r, p }: ScryptParameters, most: ScryptParameters, salt: Buffer, hash: Buffer) {
  const isPower = Number.isInteger(Math.log2(N)) && N >= 2
  if (!isPower || N > most.N || r < 1 || r > most.r || p < 1 || p > most.p || hash.byteLength < 16) return undefined
  const maxmem = 128 * N * r + 128 * r * (p + 2) + 4096
  return (password: string): boolean =>
    equalBytes(scryptSync(password, salt, hash.byteLength, { N, r, p, maxmem: 2 * maxmem }), hash)
}

const argonForm = new RegExp(
  `^\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,3})\\$(${BASE64})\\$(${BASE64})$`,
)

/** `most.m`: KiB; `most.work`: KiB times passes. */
function argon2id(text: string, most: { m: number; t: number; p: number; work: number }): HashCheck | undefined {
  const [m, t, p, salt = '', hash = ''] = partsOf(argonForm, text) ?? []
  const [memorySize, iterations, parallelism] = [Number(m), Number(t), Number(p)]
  if (!(memorySize <= most.m && iterations <= most.t && parallelism <= most.p)) return undefined
  if (iterations < 1 || parallelism < 1 || memorySize < 8 * parallelism || memorySize * iterations > most.work)
    return undefined
  const [saltBytes, expected] = [bytesOf(salt), bytesOf(hash)]
  if (saltBytes.byteLength < 8 || expected.byteLength < 4) return undefined
  return async (password) => {
    if (password === '') return false
    const { argon2id: compute } = await import('hash-wasm')
    const hashLength = expected.byteLength
    const options = { password, salt: saltBytes, memorySize, iterations, parallelism, hashLength }
    return equalBytes(await compute({ ...options, outputType: 'binary' }), expected)
  }
}

const DIGEST_BYTES: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha512: 64 }

/**
 * Compares the first block (RFC 8018 section 5.2): each further one costs as many iterations again, and tells nothing
 * more. Keycloak writes up to four.
 */
function pbkdf2(digest: string, iterations: number, most: number, salt: Buffer | string, hash: Buffer) {
  if (iterations < 1 || iterations > most || hash.byteLength < 16 || hash.byteLength > 128) return undefined
  const block = hash.subarray(0, DIGEST_BYTES[digest])
  return (password: string): boolean =>
    equalBytes(pbkdf2Sync(password, salt, iterations, block.byteLength, digest), block)
}

const service = {
  bcryptCost: 12,
  scrypt: { N: 65_536, r: 8, p: 1 },
  argon: { m: 19_456, t: 2, p: 1, work: 2 * 19_456 },
  iterations: 600_000,
}
/** Larger where defaults of those systems are. */
const foreign = {
  bcryptCost: 13,
  scrypt: { N: 65_536, r: 8, p: 5 },
  // The work is that of PHP's and Laravel's default, m=65536 and t=4.
  argon: { m: 102_400, t: 10, p: 8, work: 4 * 65_536 },
  iterations: 1_500_000,
}

const scryptForm = /^(\d{1,6})\$(\d{1,2})\$(\d{1,2})\$((?:[0-9a-f]{2}){1,128})\$((?:[0-9a-f]{2}){16,128})$/i
const pbkdf2Form = new RegExp(`^\\$pbkdf2-sha256\\$(\\d{1,7})\\$(${BASE64})\\$(${BASE64})$`)
const djangoPbkdf2Form = new RegExp(`^pbkdf2_(sha256|sha1)\\$(\\d{1,7})\\$([^$]{1,128})\\$(${BASE64})$`)
const djangoScryptForm = new RegExp(`^scrypt\\$(\\d{1,6})\\$([^$]{1,128})\\$(\\d{1,2})\\$(\\d{1,2})\\$(${BASE64})$`)
const keycloakForm = new RegExp(`^\\$keycloak\\$pbkdf2(-sha256|-sha512)?\\$(\\d{1,7})\\$(${BASE64})\\$(${BASE64})$`)
const firebaseForm = new RegExp(
  `^\\$firebase-scrypt\\$(\\d{1,2})\\$(\\d{1,2})\\$(${BASE64})\\$(${BASE64})\\$(${BASE64})\\$(${BASE64})$`,
)

const sha256Hex = (password: string): string => createHash('sha256').update(password).digest('hex')
const after = (text: string, prefix: string): string => (text.startsWith(prefix) ? text.slice(prefix.length) : '')

export const schemes: readonly HashScheme[] = [
  { name: 'Cognomen', own: true, read: readSrpHash },
  { name: 'bcrypt', algorithm: 'BCRYPT', read: (text) => bcrypt(text, service.bcryptCost) },
  {
    name: 'scrypt',
    algorithm: 'SCRYPT',
    read(text) {
      const [N, r, p, salt = '', hash = ''] = partsOf(scryptForm, text) ?? []
      const parameters = { N: Number(N), r: Number(r), p: Number(p) }
      return scrypt(parameters, service.scrypt, Buffer.from(salt, 'hex'), Buffer.from(hash, 'hex'))
    },
  },
  { name: 'Argon2id', algorithm: 'ARGON2ID', read: (text) => argon2id(text, service.argon) },
  {
    name: 'PBKDF2',
    algorithm: 'PBKDF2_SHA256',
    read(text) {
      const [iterations, salt = '', hash = ''] = partsOf(pbkdf2Form, text) ?? []
      if (iterations === undefined) return undefined
      return pbkdf2('sha256', Number(iterations), service.iterations, bytesOf(salt), bytesOf(hash))
    },
  },
  // Auth0 (cost 10) and Laravel (cost 12) are of the first form; some raise the cost.
  { name: 'bcrypt of a higher cost', read: (text) => bcrypt(text, foreign.bcryptCost) },
  { name: 'Argon2id of a higher cost', read: (text) => argon2id(text, foreign.argon) },
  {
    name: 'Django PBKDF2',
    read(text) {
      const [digest, iterations, salt = '', hash = ''] = partsOf(djangoPbkdf2Form, text) ?? []
      if (digest === undefined) return undefined
      return pbkdf2(digest, Number(iterations), foreign.iterations, salt, bytesOf(hash))
    },
  },
  {
    name: 'Django bcrypt over SHA-256',
    read: (text) => bcrypt(after(text, 'bcrypt_sha256$'), foreign.bcryptCost, sha256Hex),
  },
  { name: 'Django bcrypt', read: (text) => bcrypt(after(text, 'bcrypt$'), foreign.bcryptCost) },
  { name: 'Django Argon2', read: (text) => argon2id(`$${after(text, 'argon2$')}`, foreign.argon) },
  {
    name: 'Django scrypt',
    read(text) {
      const [N, salt = '', r, p, hash = ''] = partsOf(djangoScryptForm, text) ?? []
      const parameters = { N: Number(N), r: Number(r), p: Number(p) }
      return scrypt(parameters, foreign.scrypt, Buffer.from(salt), bytesOf(hash))
    },
  },
  { name: 'phpass (WordPress before 6.8, phpBB)', read: phpass },
  {
    name: 'WordPress',
    read: (text) =>
      bcrypt(after(text, '$wp'), foreign.bcryptCost, (password) =>
        createHmac('sha384', 'wp-sha384').update(password.trim()).digest('base64'),
      ),
  },
  {
    name: 'Keycloak PBKDF2',
    read(text) {
      const [digest, iterations, salt = '', hash = ''] = keycloakForm.exec(text)?.slice(1) ?? []
      if (iterations === undefined) return undefined
      const name = digest === undefined ? 'sha1' : digest.slice(1)
      return pbkdf2(name, Number(iterations), foreign.iterations, bytesOf(salt), bytesOf(hash))
    },
  },
  { name: 'Firebase scrypt', read: firebase },
]

/** `$firebase-scrypt$rounds$memcost$saltSeparator$signerKey$salt$hash`: the project's parameters, then the user's. */
function firebase(text: string): HashCheck | undefined {
  const [rounds, memory, separator = '', signerKey = '', salt = '', hash = ''] = partsOf(firebaseForm, text) ?? []
  const [r, cost] = [Number(rounds), Number(memory)]
  if (!(r >= 1 && r <= 8 && cost >= 1 && cost <= 16)) return undefined
  const N = 2 ** cost
  return (password) => {
    const all = Buffer.concat([bytesOf(salt), bytesOf(separator)])
    const key = scryptSync(password, all, 32, { N, r, p: 1, maxmem: 256 * N * r + 65_536 })
    const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16))
    return equalBytes(Buffer.concat([cipher.update(bytesOf(signerKey)), cipher.final()]), bytesOf(hash))
  }
}

const ITOA64 = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const phpassForm = /^(\$[PH]\$(.)(.{8}))([./0-9A-Za-z]{22})$/

function phpass(text: string): HashCheck | undefined {
  const [setting, cost = '', salt = '', hash = ''] = partsOf(phpassForm, text) ?? []
  const log2 = ITOA64.indexOf(cost)
  if (setting === undefined || log2 < 7 || log2 > 18) return undefined
  return (password) => {
    const bytes = Buffer.from(password)
    let digest = createHash('md5').update(salt).update(bytes).digest()
    for (let round = 0; round < 2 ** log2; round++) digest = createHash('md5').update(digest).update(bytes).digest()
    return equalBytes(phpassBase64(digest), hash)
  }
}

/** Three bytes, the last of them in the highest bits, as four characters. */
function phpassBase64(bytes: Buffer): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [one = 0, two = 0, three = 0] = bytes.subarray(i, i + 3)
    const value = one | (two << 8) | (three << 16)
    const characters = Math.min(3, bytes.length - i) + 1
    for (let c = 0; c < characters; c++) text += ITOA64[(value >> (6 * c)) & 63]
  }
  return text
}
