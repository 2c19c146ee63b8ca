// ARNs compared part by part: five parts up to the fifth colon, where wildcards do not cross a colon, and the resource
// part, where they cross everything (docs/reference/identity-pools-sts-iam-sync.md 16.3).
import { anyText, type GlobPiece } from './glob.ts'
import { compilePattern, type Pattern } from './pattern.ts'
import type { RequestContext } from './request-context.ts'
import { isVariable, type Piece, resolveVariable } from './variables.ts'

/** The six parts of an ARN, or undefined for a text that is none. */
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
 * A pattern from pieces. A variable stands within one part: as no part but the last holds a colon, a value cannot move
 * what follows it into another part. One that a pattern begins with stands for an ARN, or its beginning. Without six parts
 * a pattern matches nothing, but for a star alone (any ARN) and, where `padded`, with stars for the parts that are missing.
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
  // Most patterns name all five parts: compared as they are.
  const names = parts.slice(0, 5).map((part) => (part.length === 0 ? '' : part.length === 1 ? part[0] : undefined))
  if (names.every((name) => typeof name === 'string')) {
    const [, partition, service, region, account] = names
    return {
      resolves,
      // From the part that differs most to the one that never does.
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

/** Its parts are known when the variable's value is. */
function compileFromVariable(pieces: readonly Piece[]): ArnPattern {
  const { resolves } = compilePattern(pieces)
  return {
    resolves,
    matches(arn, context) {
      const resolved = pieces.map((piece) => (isVariable(piece) ? resolveVariable(piece, context) : piece))
      if (resolved.includes(undefined)) return false
      return compileArnPattern(resolved as GlobPiece[], { padded: false }).matches(arn, context)
    },
  }
}

/** Whether a pattern is nothing but stars: it matches what is no ARN, too. */
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
