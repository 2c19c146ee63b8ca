// Forms and query strings of pages and of OAuth endpoints, read strictly. Pure.
import { decodeFormText } from '../encodings.ts'

/** Names and values of a form or a query string, in order; names may come several times. */
export class Parameters {
  readonly #pairs: readonly (readonly [name: string, value: string])[]
  constructor(pairs: readonly (readonly [name: string, value: string])[]) {
    this.#pairs = pairs
  }
  /** The value of a name; the first of several, and undefined for none and for an empty one (RFC 6749 3.1). */
  get(name: string): string | undefined {
    return this.#pairs.find(([key]) => key === name)?.[1] || undefined
  }
  /** A name that comes more than once, which no OAuth parameter may (RFC 6749 3.1); undefined when there is none. */
  repeated(): string | undefined {
    const seen = new Set<string>()
    return this.#pairs.find(([name]) => seen.size === seen.add(name).size)?.[0]
  }
  [Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    return this.#pairs[Symbol.iterator]()
  }
  /** The same with these values, in place of those that the names have. */
  with(changes: Readonly<Record<string, string>>): Parameters {
    const kept = this.#pairs.filter(([name]) => !Object.hasOwn(changes, name))
    return new Parameters([...kept, ...Object.entries(changes)])
  }
  /** The same as text (`application/x-www-form-urlencoded`). */
  toString(): string {
    return new URLSearchParams(this.#pairs.map(([name, value]): [string, string] => [name, value])).toString()
  }
}

export const noParameters = new Parameters([])

/** Reads `application/x-www-form-urlencoded`; undefined for broken escapes and for what is not UTF-8. */
export function readParameters(text: string): Parameters | undefined {
  const pairs: [string, string][] = []
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodeFormText(equals < 0 ? pair : pair.slice(0, equals))
    const value = equals < 0 ? '' : decodeFormText(pair.slice(equals + 1))
    if (name === undefined || value === undefined) return undefined
    pairs.push([name, value])
  }
  return new Parameters(pairs)
}
