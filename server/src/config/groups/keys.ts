// The keys that seal what is stored, and how long keys sign.
import type { VariableName } from '../env.ts'
import type { SettingsReader } from '../settings-reader.ts'

export interface KeyConfig {
  readonly masterKey: { readonly text: string } | { readonly file: string } | undefined
  readonly previousMasterKeys: readonly string[]
  readonly signingKeyDays: number
}

export function readKeys(read: SettingsReader): KeyConfig {
  const text = read.text('COGNOMEN_MASTER_KEY')
  const file = read.text('COGNOMEN_MASTER_KEY_FILE')
  if (text !== undefined && file !== undefined)
    read.report('Set COGNOMEN_MASTER_KEY or COGNOMEN_MASTER_KEY_FILE, not both.')
  const previousMasterKeys = read.list('COGNOMEN_PREVIOUS_MASTER_KEYS')
  for (const key of previousMasterKeys) checkMasterKey(read, 'COGNOMEN_PREVIOUS_MASTER_KEYS', key)
  if (text !== undefined) checkMasterKey(read, 'COGNOMEN_MASTER_KEY', text)
  return {
    masterKey: text !== undefined ? { text } : file !== undefined ? { file } : undefined,
    previousMasterKeys,
    signingKeyDays: read.wholeNumber('SIGNING_KEY_DAYS', 0, 36_500),
  }
}

function checkMasterKey(read: SettingsReader, name: VariableName, key: string): void {
  if (parseMasterKey(key) === undefined)
    read.report(`${name} must be 32 bytes in base64 or hex; make one with: openssl rand -base64 32`)
}

/** 32 bytes from base64, base64url or hex; undefined for anything else. */
export function parseMasterKey(text: string): Uint8Array | undefined {
  const trimmed = text.trim()
  const bytes = /^[0-9a-f]{64}$/i.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[\w+/-]{43}=?$/.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : undefined
  return bytes?.length === 32 ? bytes : undefined
}
