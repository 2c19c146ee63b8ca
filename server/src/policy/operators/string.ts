// String operators: only StringLike and StringNotLike have wildcards; variables and escapes are read in all of them.
import { compilePattern, type Pattern } from '../pattern.ts'
import { readPieces } from '../variables.ts'
import { both, type ValueMatcher } from './operator.ts'

/** A text that does not match is different, unless a variable cannot be resolved: then it cannot be compared. */
const comparing = ({ matches, resolves }: Pattern): ValueMatcher => ({
  matches: (text, context) => matches(text, context) || (resolves(context) ? false : undefined),
})

const foldCase = (text: string) => text.toLowerCase()

export const [stringEquals, stringNotEquals] = both((value, variables) =>
  comparing(compilePattern(readPieces(value, { wildcards: false, variables }))),
)

export const [stringEqualsIgnoreCase, stringNotEqualsIgnoreCase] = both((value, variables) =>
  comparing(compilePattern(readPieces(value, { wildcards: false, variables }), foldCase)),
)

export const [stringLike, stringNotLike] = both((value, variables) =>
  comparing(compilePattern(readPieces(value, { wildcards: true, variables }))),
)
