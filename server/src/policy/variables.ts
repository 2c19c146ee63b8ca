// Policy variables: `${key}`, `${key, 'default'}` and the escapes `${*}`, `${?}`, `${$}`
// (docs/reference/identity-pools-sts-iam-sync.md 16.5). A text is parsed into pieces once. The value of a variable is
// inserted as literal text and never parsed: a tag whose value is `*` matches only a star.
import { anyCharacter, anyText, type GlobPiece } from './glob.ts'
import type { RequestContext } from './request-context.ts'

export interface Variable {
  /** As written. */
  readonly name: string
  readonly lowerCaseKey: string
  readonly fallback: string | undefined
}

export type Piece = GlobPiece | Variable

export interface Reading {
  /** Whether `*` and `?` are wildcards here. */
  wildcards: boolean
  /** Whether `${` begins a variable: not in documents of version 2008-10-17, nor in actions and principals. */
  variables: boolean
}

const escapes = new Set(['*', '?', '$'])

/** Parses a text of a policy. An unclosed `${` is literal. */
export function readPieces(text: string, { wildcards, variables }: Reading): Piece[] {
  const pieces: Piece[] = []
  let literal = ''
  const add = (piece: Piece) => {
    if (literal !== '') pieces.push(literal)
    literal = ''
    pieces.push(piece)
  }
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string
    if (variables && character === '$' && text[index + 1] === '{') {
      const close = text.indexOf('}', index + 2)
      if (close < 0) {
        // There is no later `}`, so no later variable is closed either.
        variables = false
        literal += character
        continue
      }
      const inside = text.slice(index + 2, close)
      if (escapes.has(inside)) literal += inside
      else add(readVariable(inside))
      index = close
    } else if (wildcards && character === '*') add(anyText)
    else if (wildcards && character === '?') add(anyCharacter)
    else literal += character
  }
  if (literal !== '') pieces.push(literal)
  return pieces
}

function readVariable(inside: string): Variable {
  const comma = inside.indexOf(',')
  const name = (comma < 0 ? inside : inside.slice(0, comma)).trim()
  const rest = comma < 0 ? '' : inside.slice(comma + 1).trim()
  const quoted = rest.length >= 2 && rest.startsWith("'") && rest.endsWith("'")
  return { name, lowerCaseKey: name.toLowerCase(), fallback: quoted ? rest.slice(1, -1) : undefined }
}

export const isVariable = (piece: Piece): piece is Variable => typeof piece === 'object'

/** The value of a variable. Undefined for an absent key without a default, and for a multivalued key. */
export function resolveVariable(variable: Variable, context: RequestContext): string | undefined {
  const value = context.get(variable.lowerCaseKey)
  if (value === undefined) return variable.fallback
  return typeof value === 'string' ? value : undefined
}
