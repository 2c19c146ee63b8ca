// Whether a key is one that nobody else has: what somebody could guess, copy from a page, or read from a file. Pure but for
// `modeOpenToAll`. Random bytes pass: each test of `weakBytes` is met by less than one of 10^12 random keys.
import { statSync } from 'node:fs'

const KEY_BYTES = 32
/** 32 random bytes have fewer distinct ones than this once in 10^14 keys. */
const FEWEST_DISTINCT = 18

/** Why 32 bytes are no key, to complete "… is"; undefined for what may be random. */
export function weakBytes(key: Uint8Array): string | undefined {
  if (new Set(key).size < FEWEST_DISTINCT) return 'a few bytes repeated'
  const step = (Number(key[1]) - Number(key[0])) & 255
  if (key.every((byte, i) => i === 0 || ((byte - Number(key[i - 1])) & 255) === step)) return 'a sequence'
  const half = KEY_BYTES / 2
  if (key.subarray(0, half).every((byte, i) => byte === key[half + i])) return 'one half twice'
  if (key.every((byte) => byte >= 0x20 && byte < 0x7f)) return 'readable text, which has a fraction of the strength'
  return undefined
}

// The endings of AWS's documentation, the secret of its signature tests, and a well-known default of a store.
const EXAMPLE = /EXAMPLE(KEY)?$/i
const DEFAULTS = ['minioadminminioadmin', 'changemechangeme', 'supersecretsupersecret']
/** Random secrets of 16 characters or more have fewer distinct ones than this once in 10^12. */
const FEWEST_CHARACTERS = 8

/** Why an access key with its secret protects nothing, to complete "… is"; undefined for what may be random. */
export function weakAccessKey({ accessKeyId, secretAccessKey }: AccessKey): string | undefined {
  if (EXAMPLE.test(accessKeyId) || EXAMPLE.test(secretAccessKey)) return 'an example of the documentation'
  if (DEFAULTS.includes(secretAccessKey.toLowerCase())) return 'a default that everybody knows'
  if (new Set(secretAccessKey).size < FEWEST_CHARACTERS) return 'a few characters repeated'
  return undefined
}

interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** The mode of a file that every user of this machine may read, in octal; undefined for others, and on Windows. */
export function modeOpenToAll(file: string): string | undefined {
  // Windows has no such modes: the number says nothing there.
  if (process.platform === 'win32') return undefined
  const mode = (statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o777
  return (mode & 0o004) === 0 ? undefined : mode.toString(8)
}
