// ARN patterns, compared part by part: in the five parts up to the fifth colon wildcards do not match a colon, in the
// resource part they match everything (docs/reference/identity-pools-sts-iam-sync.md 16.3).
import { anyText, type GlobPiece } from './glob.ts'
import { compilePattern, lengthOf, type Pattern } from './pattern.ts'
import type { RequestContext } from './request-context.ts'
import { isVariable, type Piece, resolveVariable } from './variables.ts'
import { charge, searchSteps } from './work.ts'

/** The six parts of an ARN, or undefined for any other text. */
export function splitArn(text: string): readonly string[] | undefined {
  if (!text.startsWith('arn:')) return undefined
  const parts: string[] = []
  let start = 0
  while (parts.length < 5) {
    const colon = text.indexOf(':', start)
    if (colon < 0) return undefined
    parts.push(text.slice(start, colon))
    start = colon + 1
  }
  parts.push(text.slice(start))
  return parts
}

export interface ArnPattern {
  matches(arn: readonly string[], context: RequestContext): boolean
  resolves(context: RequestContext): boolean
}

/**
 * A pattern from pieces. A variable belongs to one part: no part but the last may contain a colon, so its value cannot
 * move what follows into another part. A variable at the start of a pattern stands for an ARN or its beginning. A
 * pattern without six parts matches nothing, except a star alone (any ARN) and, with `padded`, one whose missing parts
 * are filled with stars.
 */
export function compileArnPattern(pieces: readonly Piece[], { padded }: { padded: boolean }): ArnPattern {
  if (isStars(pieces)) return { matches: () => true, resolves: () => true }
  if (isVariable(pieces[0] ?? '')) return compileFromVariable(pieces)
  const parts = splitPieces(pieces)
  while (padded && parts.length > 1 && parts.length < 6) parts.push([anyText])
  const patterns = parts.map((part) => compilePattern(part))
  const resolves = (context: RequestContext) => patterns.every((pattern) => pattern.resolves(context))
  if (patterns.length < 6) return { matches: () => false, resolves }
  const last = patterns[5] as Pattern
  const head = patterns.slice(0, 5)
  // Most patterns have no wildcards or variables in the first five parts: those are compared as text.
  const names = parts.slice(0, 5).map((part) => (part.length === 0 ? '' : part.length === 1 ? part[0] : undefined))
  if (names.every((name) => typeof name === 'string')) {
    const [, partition, service, region, account] = names
    return {
      resolves,
      // In the order of how often the parts differ.
      matches: (arn, context) =>
        arn[2] === service &&
        arn[3] === region &&
        arn[4] === account &&
        arn[1] === partition &&
        arn[0] === names[0] &&
        last.matches(arn[5] as string, context),
    }
  }
  return {
    resolves,
    matches(arn, context) {
      for (let index = 0; index < 5; index++) {
        if (!(head[index] as Pattern).matches(arn[index] as string, context)) return false
      }
      return last.matches(arn[5] as string, context)
    },
  }
}

/** A pattern that begins with a variable: it is split into parts after the variable is resolved. */
function compileFromVariable(pieces: readonly Piece[]): ArnPattern {
  const { resolves } = compilePattern(pieces)
  return {
    resolves,
    matches(arn, context) {
      charge(context.work, pieces.length)
      const resolved = pieces.map((piece) => (isVariable(piece) ? resolveVariable(piece, context) : piece))
      if (resolved.includes(undefined)) return false
      charge(context.work, searchSteps(lengthOf(resolved as GlobPiece[]), 0))
      return compileArnPattern(resolved as GlobPiece[], { padded: false }).matches(arn, context)
    },
  }
}

/** Whether a pattern has only stars: it then matches text that is not an ARN as well. */
export const isStars = (pieces: readonly Piece[]): boolean =>
  pieces.length > 0 && pieces.every((piece) => piece === anyText)

function splitPieces(pieces: readonly Piece[]): Piece[][] {
  const parts: Piece[][] = [[]]
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      parts.at(-1)?.push(piece)
      continue
    }
    let rest = piece
    while (parts.length < 6) {
      const colon = rest.indexOf(':')
      if (colon < 0) break
      if (colon > 0) parts.at(-1)?.push(rest.slice(0, colon))
      parts.push([])
      rest = rest.slice(colon + 1)
    }
    if (rest !== '') parts.at(-1)?.push(rest)
  }
  return parts
}
