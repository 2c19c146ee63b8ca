// Compiles a text of a policy to a pattern: a constant one, or one whose variables are resolved for each request.
import { anyText, compileGlob, type GlobPiece, startsAt } from './glob.ts'
import type { RequestContext } from './request-context.ts'
import { isVariable, type Piece, resolveVariable } from './variables.ts'
import { charge, searchSteps } from './work.ts'

export interface Pattern {
  matches(text: string, context: RequestContext): boolean
  /** Whether every variable can be resolved; else the pattern matches nothing. */
  resolves(context: RequestContext): boolean
}

const always = () => true

/** `fold`, such as toLowerCase, is applied to the pattern and to the text that `matches` gets. */
export function compilePattern(source: readonly Piece[], fold?: (text: string) => string): Pattern {
  const pieces = fold ? source.map((piece) => (typeof piece === 'string' ? fold(piece) : piece)) : source
  const variables = pieces.filter(isVariable)
  if (variables.length === 0) {
    const matches = compileConstant(pieces as readonly GlobPiece[], fold)
    // What has no text between two wildcards is compared at its ends alone.
    if (pieces.length < 3) return { matches, resolves: always }
    const length = lengthOf(pieces as readonly GlobPiece[])
    return {
      resolves: always,
      matches(text, { work }) {
        charge(work, searchSteps(length, text.length))
        return matches(text)
      },
    }
  }

  const resolves = (context: RequestContext) =>
    variables.every((variable) => resolveVariable(variable, context) !== undefined)
  const substitute = (piece: Exclude<Piece, symbol>, context: RequestContext) => {
    if (typeof piece === 'string') return piece
    const value = resolveVariable(piece, context)
    return value === undefined || !fold ? value : fold(value)
  }
  const prefix = pieces.at(-1) === anyText
  const texts = prefix ? pieces.slice(0, -1) : pieces
  if (texts.every((piece) => typeof piece !== 'symbol')) {
    // Without wildcards, or with one star at the end: compared piece by piece.
    return {
      resolves,
      matches(text, context) {
        charge(context.work, pieces.length)
        const compared = fold ? fold(text) : text
        let position = 0
        for (const piece of texts as readonly Exclude<Piece, symbol>[]) {
          const part = substitute(piece, context)
          if (part === undefined || !startsAt(compared, part, position)) return false
          position += part.length
        }
        return prefix || position === compared.length
      },
    }
  }
  return {
    resolves,
    matches(text, context) {
      charge(context.work, pieces.length)
      const resolved: GlobPiece[] = []
      for (const piece of pieces) {
        const part = typeof piece === 'symbol' ? piece : substitute(piece, context)
        if (part === undefined) return false
        resolved.push(part)
      }
      // Before the pieces are joined: a pattern may repeat a variable with a long value.
      charge(context.work, searchSteps(lengthOf(resolved), text.length))
      return compileGlob(resolved)(fold ? fold(text) : text)
    },
  }
}

/** Characters and wildcards. */
export function lengthOf(pieces: readonly GlobPiece[]): number {
  let length = 0
  for (const piece of pieces) length += typeof piece === 'string' ? piece.length : 1
  return length
}

function compileConstant(pieces: readonly GlobPiece[], fold?: (text: string) => string): (text: string) => boolean {
  const [first, second] = pieces
  const matches =
    pieces.length === 1 && first === anyText
      ? always
      : pieces.length === 2 && typeof first === 'string' && second === anyText
        ? (text: string) => startsAt(text, first, 0)
        : compileGlob(pieces)
  return fold ? (text) => matches(fold(text)) : matches
}
