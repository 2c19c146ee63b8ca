// BinaryEquals: bytes in base64 on both sides, compared as bytes.
import { incomparable, type Operator } from './operator.ts'

/** The canonical base64 of a base64 text, or undefined for any other text. */
function canonicalBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  return Buffer.from(text, 'base64').toString('base64')
}

export const binaryEquals: Operator = {
  negated: false,
  compile(value) {
    const wanted = canonicalBase64(value)
    return wanted === undefined ? incomparable : { matches: (text) => canonicalBase64(text) === wanted }
  },
}
