// Bool: `true` and `false` in any case, on both sides; anything else matches nothing.
import { compilePattern } from '../pattern.ts'
import { readPieces } from '../variables.ts'
import type { Operator } from './operator.ts'

const isBoolean = (text: string) => /^(true|false)$/i.test(text)

export const bool: Operator = {
  negated: false,
  compile(value, variables) {
    const pattern = compilePattern(readPieces(value, { wildcards: false, variables }), (text) => text.toLowerCase())
    return { matches: (text, context) => isBoolean(text) && pattern.matches(text, context) }
  },
}
