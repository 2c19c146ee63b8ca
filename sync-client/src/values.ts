// Values of records. Cognito Sync stores texts; other JSON values are written behind a prefix that names the form, so that old
// clients read and write plain texts in the same datasets.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** The form of values that are no plain texts: `json1:`, or with a word of its own `json1.WORD:`, before JSON. */
const FORM = /^json1(\.[\w.]*)?:/
/**
 * Texts that cannot stand as they are: what looks like our form, empty ones, which old clients take for a removed key, and what
 * services refuse or change, U+0000 and half a surrogate pair.
 */
const NOT_PLAIN = /^$|^json1(\.[\w.]*)?:|\0|\p{Cs}/u

/**
 * The text that the service stores for a value; undefined, for a removed key, stays so. With `word` it is like no other: the
 * service takes a text that it has already from anyone, also from who has not seen it. Throws TypeError for what is no JSON.
 */
export function encode(value: unknown, word?: string): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && word === undefined && !NOT_PLAIN.test(value)) return value
  const text = JSON.stringify(value)
  if (text === undefined) throw new TypeError('The value cannot be written as JSON.')
  return `json1${word === undefined ? '' : `.${word}`}:${text}`
}

/** The value of a stored text. What only looks like our form is a plain text. */
export function decode(text: string | undefined): unknown {
  const form = text && FORM.exec(text)
  if (!form) return text
  try {
    return JSON.parse(text.slice(form[0].length))
  } catch {
    return text
  }
}

/** What an increment adds to: a number, or the text of one, which old clients write; 0 for anything else. */
export function numberOf(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : 0
}

/** Whether two values are written alike. */
export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
