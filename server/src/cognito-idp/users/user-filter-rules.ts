// The filter of ListUsers: one condition, `attribute = "value"` or `attribute ^= "value"`. Pure.
// docs/reference/user-pools.md 7.7.
//
//   filter    = [ blanks attribute blanks operator blanks value blanks ]
//   attribute = name / DQUOTE name DQUOTE
//   operator  = "=" / "^="
//   value     = DQUOTE *( any character but DQUOTE / "\" DQUOTE / "\" "\" ) DQUOTE
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { isSearchable, type UserFilter } from './user-search-rules.ts'

/** `filter` is undefined for text without a condition. */
export type ParsedFilter = { filter: UserFilter | undefined } | Refusal

const SYNTAX_PROBLEM = 'Error while parsing filter.'

/** Parses a filter, in time linear in the text. */
export function parseUserFilter(text: string): ParsedFilter {
  const cursor = { text, at: 0 }
  skipBlanks(cursor)
  if (atEnd(cursor)) return { filter: undefined }
  const attribute = cursor.text[cursor.at] === '"' ? readQuoted(cursor) : readName(cursor)
  skipBlanks(cursor)
  const compare = readOperator(cursor)
  skipBlanks(cursor)
  const value = readQuoted(cursor)
  skipBlanks(cursor)
  if (attribute === undefined || compare === undefined || value === undefined || !atEnd(cursor)) {
    return invalid(SYNTAX_PROBLEM)
  }
  if (isSearchable(attribute)) return { filter: { attribute, compare, value } }
  // For custom attributes the service has a shorter text (measured).
  if (attribute.startsWith('custom:') || attribute.startsWith('dev:')) {
    return invalid('Input fails to satisfy the constraints.')
  }
  return invalid(`Invalid search attribute: ${attribute}`)
}

interface Cursor {
  readonly text: string
  at: number
}

const atEnd = (cursor: Cursor): boolean => cursor.at >= cursor.text.length

function skipBlanks(cursor: Cursor): void {
  while (!atEnd(cursor) && ' \t\r\n'.includes(cursor.text[cursor.at] as string)) cursor.at++
}

function readName(cursor: Cursor): string | undefined {
  const start = cursor.at
  while (!atEnd(cursor) && /[\w:.-]/.test(cursor.text[cursor.at] as string)) cursor.at++
  return cursor.at === start ? undefined : cursor.text.slice(start, cursor.at)
}

function readOperator(cursor: Cursor): UserFilter['compare'] | undefined {
  if (cursor.text[cursor.at] === '=') {
    cursor.at++
    return 'equals'
  }
  if (!cursor.text.startsWith('^=', cursor.at)) return undefined
  cursor.at += 2
  return 'starts-with'
}

/** Text in double quotes; undefined when there is none, or it has no end. Other backslashes stand for themselves. */
function readQuoted(cursor: Cursor): string | undefined {
  if (cursor.text[cursor.at] !== '"') return undefined
  cursor.at++
  let value = ''
  while (!atEnd(cursor)) {
    const character = cursor.text[cursor.at++] as string
    if (character === '"') return value
    const next = cursor.text[cursor.at]
    if (character === '\\' && (next === '"' || next === '\\')) {
      value += next
      cursor.at++
    } else value += character
  }
  return undefined
}
