// Whether a key is one that nobody else has: what somebody could guess, copy from a page, or read from a file. Pure but for
// `openToOthers`. Random bytes pass: each test of `weakBytes` is met by less than one of 10^12 random keys.
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

// AWS's documentation, well-known emulators and stores, and what people type to begin with.
const PUBLIC_SECRETS =
  /EXAMPLE(KEY)?$|^(test|local|dummy|fake|secret|password|minioadmin|changeme|admin|x+|a-secret-key.*)$|^(your|my|some)[-_ ]?secret|(secret|access)[-_ ]?key$/i

/** Why a pair of access key and secret is no secret, to complete "… is"; undefined for what may be. */
export function weakAccessKey({ accessKeyId, secretAccessKey }: AccessKey): string | undefined {
  if (/EXAMPLE$/i.test(accessKeyId)) return 'an example of the documentation'
  if (PUBLIC_SECRETS.test(secretAccessKey)) return 'an example, which everybody knows'
  if (new Set(secretAccessKey).size < 8) return 'a few characters repeated'
  return undefined
}

interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Whether others than the owner and its group may read a file; false on Windows, where modes say nothing, and for none. */
export function openToOthers(file: string): boolean {
  if (process.platform === 'win32') return false
  return ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o004) !== 0
}
