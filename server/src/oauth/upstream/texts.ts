// What a provider says of a user, as texts: for attributes of the pool and for the InboundFederation trigger. Pure.
// docs/reference/oauth-and-federation.md 19.3, 29.
import type { Texts } from '../../triggers/trigger.ts'

/** Between the values of a list; whether a blank follows it at Cognito is not known. */
const SEPARATOR = ','

/** The claims that have a value. A list is `[a,b]` with each value escaped as in forms, an object is its JSON. */
export function textsOf(claims: Readonly<Record<string, unknown>>): Texts {
  const texts: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(claims)) {
    const text = textOf(value)
    if (text !== undefined) texts[name] = text
  }
  return texts
}

/** A list of values as one text, also that of a SAML attribute with several. */
export const listText = (values: readonly string[]): string => `[${values.map(escaped).join(SEPARATOR)}]`

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value)) return listText(value.map((one) => textOf(one) ?? ''))
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** As `java.net.URLEncoder` escapes, which leaves letters, digits and `. - * _` alone. */
const escaped = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1)
