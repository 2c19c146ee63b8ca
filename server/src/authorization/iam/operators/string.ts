// String operators: only the Like pair knows wildcards; variables and escapes are read in all of them.
import { compilePattern } from '../pattern.ts'
import { readPieces } from '../variables.ts'
import { both } from './operator.ts'

const foldCase = (text: string) => text.toLowerCase()

export const [stringEquals, stringNotEquals] = both((value, variables) =>
  compilePattern(readPieces(value, { wildcards: false, variables })),
)

export const [stringEqualsIgnoreCase, stringNotEqualsIgnoreCase] = both((value, variables) =>
  compilePattern(readPieces(value, { wildcards: false, variables }), foldCase),
)

export const [stringLike, stringNotLike] = both((value, variables) =>
  compilePattern(readPieces(value, { wildcards: true, variables })),
)
