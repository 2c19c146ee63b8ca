// Where passwords known from breaches are looked up (breached-passwords/).
import type { SettingsReader } from '../settings-reader.ts'

export interface BreachedPasswordConfig {
  readonly breachedPasswordsFile: string | undefined
  /** Without a trailing slash. */
  readonly breachedPasswordsUrl: string | undefined
}

export const readBreachedPasswords = (read: SettingsReader): BreachedPasswordConfig => ({
  breachedPasswordsFile: read.text('BREACHED_PASSWORDS_FILE'),
  breachedPasswordsUrl: read.url('BREACHED_PASSWORDS_URL', ['https:', 'http:'])?.replace(/\/+$/, ''),
})
