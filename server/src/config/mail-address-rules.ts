// Strict parsing of e-mail addresses: a valid one names one mailbox and cannot inject headers. Pure.
// RFC 5322 3.4 allows much more (comments, groups, quoted local parts); none of it is needed, all of it is risky.

export interface Mailbox {
  /** The display name; empty when there is none. */
  name: string
  address: string
}

// One @, and nothing that separates, quotes or ends an address, no blanks, no control or invisible characters.
const ADDRESS = /^[^\s@<>(),;:"\\[\]\p{C}]{1,64}@[^\s@<>(),;:"\\[\]\p{C}]{1,255}$/u
// A name that looks like an address would hide the true one.
const PLAIN_NAME = /^[^@<>(),;:"\\[\]\p{C}\p{Zl}\p{Zp}]{1,128}$/u
const QUOTED_NAME = /^"([^@<>"\\\p{C}\p{Zl}\p{Zp}]{1,128})"$/u
const MAX_LENGTH = 512
const NAMED = /^([^<>]*)<([^<>]+)>$/u

/** One address, such as `ada@example.com`. */
export const isMailAddress = (text: string): boolean => ADDRESS.test(text)

/** `ada@example.com`, `Ada <ada@example.com>` or `"Ada, Countess" <ada@example.com>`; undefined for anything else. */
export function parseMailbox(text: string): Mailbox | undefined {
  if (isMailAddress(text)) return { name: '', address: text }
  if (text.length > MAX_LENGTH) return undefined
  const [, before = '', address = ''] = NAMED.exec(text) ?? []
  if (!isMailAddress(address)) return undefined
  const name = before.replace(/^ +/, '').replace(/ +$/, '')
  if (name === '' || PLAIN_NAME.test(name)) return { name, address }
  const quoted = QUOTED_NAME.exec(name)?.[1]
  return quoted === undefined ? undefined : { name: quoted, address }
}
