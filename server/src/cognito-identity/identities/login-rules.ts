// Logins: the type, the key in the database, and how two are compared. Pure.
import { sha256Text } from '../../crypto/digest.ts'

/** A provider and its id of the user. A developer user identifier is a login as well: of the developer provider. */
export interface Login {
  readonly provider: string
  readonly subject: string
}

/** The key of a login within its pool: a hash, because subjects may have any length. */
export const loginKey = ({ provider, subject }: Login): string => sha256Text(JSON.stringify([provider, subject]))

export const isSameLogin = (one: Login, other: Login): boolean =>
  one.provider === other.provider && one.subject === other.subject

export const holdsLogin = (identity: { readonly logins: readonly Login[] }, login: Login): boolean =>
  identity.logins.some((held) => isSameLogin(held, login))

/**
 * Whether every database stores the subject unchanged: no U+0000, no lone surrogates, which would all become U+FFFD.
 */
export const isKeepable = (subject: string): boolean => !subject.includes('\0') && subject.isWellFormed()
