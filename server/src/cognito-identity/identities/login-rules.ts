// What a login is, and by what it is found. Pure.
import { sha256Text } from '../../crypto/digest.ts'

/** A provider and whom it vouches for. A developer's user identifier is one, too: its provider is the developer's. */
export interface Login {
  readonly provider: string
  readonly subject: string
}

/** The key of a login within its pool: of even length, whatever a provider calls its users. */
export const loginKey = ({ provider, subject }: Login): string => sha256Text(JSON.stringify([provider, subject]))

export const isSameLogin = (one: Login, other: Login): boolean =>
  one.provider === other.provider && one.subject === other.subject

export const holdsLogin = (identity: { readonly logins: readonly Login[] }, login: Login): boolean =>
  identity.logins.some((own) => isSameLogin(own, login))

/** Subjects that are text in every database: no U+0000, no halves of surrogate pairs, which would all become one. */
export const isKeepable = (subject: string): boolean => !subject.includes('\0') && subject.isWellFormed()
