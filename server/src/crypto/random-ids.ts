// Random identifiers, codes and passwords in Cognito's forms (docs/reference/user-pools.md 4, 5.4). Every function
// takes the random source (`node:crypto`'s `randomBytes` through the context; a seeded one in tests) and is uniform:
// rejection sampling drops the bytes that would cause a modulo bias.

/** `count` cryptographically random bytes. */
export type RandomBytes = (count: number) => Uint8Array

/**
 * The members of a user pool's PasswordPolicy that apply to a generated password; a missing Require* means not
 * required.
 */
export interface TemporaryPasswordPolicy {
  MinimumLength?: number | undefined
  RequireUppercase?: boolean | undefined
  RequireLowercase?: boolean | undefined
  RequireNumbers?: boolean | undefined
  RequireSymbols?: boolean | undefined
}

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const lower = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'
// Symbols that satisfy RequireSymbols, without those that break when pasted into HTML, a shell or a message template.
const symbols = '!#$%*+-.:=?@^_~'

const shortestTemporaryPassword = 12
const maxAttempts = 1000

/** The part of a user pool id after "_": 9 alphanumerics of mixed case. */
export const poolIdSuffix = (randomBytes: RandomBytes): string => pick(upper + lower + digits, 9, randomBytes)

/** App client id: 26 of [a-z0-9]. */
export const clientId = (randomBytes: RandomBytes): string => pick(lower + digits, 26, randomBytes)

/** App client secret: 51 of [a-z0-9], 263 bits. */
export const clientSecret = (randomBytes: RandomBytes): string => pick(lower + digits, 51, randomBytes)

/** A version 4 UUID (RFC 9562 5.4). */
export function uuid(randomBytes: RandomBytes): string {
  const bytes = Buffer.from(randomBytes(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return uuidText(bytes)
}

/** A version 7 UUID (RFC 9562 5.7): later ones are greater as text, within a millisecond in no order. `now`: epoch ms. */
export function timeOrderedUuid(now: number, randomBytes: RandomBytes): string {
  const bytes = Buffer.from(randomBytes(16))
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return uuidText(bytes)
}

/** Sixteen bytes as a UUID is written. */
export function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A user's sub. */
export const sub = uuid

/** A code of `length` decimal digits, leading zeros included (EMAIL_OTP as first factor has 8). */
export const numericCode = (randomBytes: RandomBytes, length: number): string => pick(digits, length, randomBytes)

/** Confirmation, reset and MFA code: 000000 to 999999. */
export const sixDigitCode = (randomBytes: RandomBytes): string => numericCode(randomBytes, 6)

/** `count` characters of an alphabet, all equally likely. */
export const uniformText = (alphabet: string, count: number, randomBytes: RandomBytes): string =>
  pick(alphabet, count, randomBytes)

/**
 * A temporary password that satisfies `policy`: max(MinimumLength, 12) characters with upper case, lower case and numbers,
 * and symbols when the policy requires them. Whole candidates are drawn until one has every class, so that every valid
 * password is equally likely and no position is tied to a class.
 */
export function temporaryPassword(policy: TemporaryPasswordPolicy, randomBytes: RandomBytes): string {
  const classes = policy.RequireSymbols ? [upper, lower, digits, symbols] : [upper, lower, digits]
  const length = Math.max(policy.MinimumLength ?? 0, shortestTemporaryPassword)
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const candidate = pick(classes.join(''), length, randomBytes)
    if (classes.every((members) => [...candidate].some((character) => members.includes(character)))) return candidate
  }
  throw new Error('the random source does not vary')
}

/** RFC 4648 section 6. */
const base32 = `${upper}234567`
const accountCharacters = 8

/**
 * Access key id: `prefix` (AKIA for a user's key, ASIA for temporary credentials), then in base32 a 1 bit, the 40 bits
 * of the account id, and 39 random bits (docs/reference/identity-pools-sts-iam-sync.md 15.4).
 */
export function accountAccessKeyId(randomBytes: RandomBytes, accountId: string, prefix: 'AKIA' | 'ASIA'): string {
  const account = Number(accountId)
  if (!/^\d{12}$/.test(accountId)) throw new RangeError('an account id is 12 digits')
  // Eight characters hold the 1 bit and 39 bits of the account; its last bit is the first bit of the ninth character.
  let bits = 2 ** 39 + Math.floor(account / 2)
  let encoded = ''
  for (let character = 0; character < accountCharacters; character++) {
    encoded = `${base32[bits % 32]}${encoded}`
    bits = Math.floor(bits / 32)
  }
  const withLastBit = account % 2 === 0 ? base32.slice(0, 16) : base32.slice(16)
  return prefix + encoded + pick(withLastBit, 1, randomBytes) + pick(base32, 7, randomBytes)
}

/** The account id in an access key id that `accountAccessKeyId` made; undefined for any other text. */
export function accountOfAccessKeyId(accessKeyId: string): string | undefined {
  const [, encoded, next] = /^A(?:KIA|SIA)([A-Z2-7]{8})([A-Z2-7])[A-Z2-7]{7}$/.exec(accessKeyId) ?? []
  if (encoded === undefined || next === undefined) return undefined
  let bits = 0
  for (const character of encoded) bits = bits * 32 + base32.indexOf(character)
  const account = (bits - 2 ** 39) * 2 + (base32.indexOf(next) >= 16 ? 1 : 0)
  return account >= 0 && account < 10 ** 12 ? String(account).padStart(12, '0') : undefined
}

/** Secret access key: 40 of the base64 alphabet, 240 bits. */
export const secretAccessKey = (randomBytes: RandomBytes): string =>
  pick(`${upper + lower + digits}+/`, 40, randomBytes)

/** `count` independent uniform characters of `alphabet` (at most 256, each once). */
function pick(alphabet: string, count: number, randomBytes: RandomBytes): string {
  const fairBelow = 256 - (256 % alphabet.length)
  let picked = ''
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    for (const byte of randomBytes(2 * count)) {
      if (byte >= fairBelow) continue
      picked += alphabet[byte % alphabet.length]
      if (picked.length === count) return picked
    }
  }
  throw new Error('the random source does not vary')
}
