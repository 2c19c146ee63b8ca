// Pagination of list operations: page size, start position, and the page token of the next page. A page token is bound
// to its operation and request (database/cursor.ts). docs/reference/user-pools.md 1.4.
import type { Context } from './context.ts'
import { type CursorScope, openCursor, sealCursor } from './database/cursor.ts'
import { limits } from './database/limits.ts'
import { ApiError } from './errors.ts'

/** Entries per page: 0 and absent mean `otherwise`, which is 60 for most lists. */
export const pageSize = (limit: number | undefined, otherwise: number = limits.page.max): number => limit || otherwise

/**
 * The position at which the page of a page token starts; undefined for the first page. Throws
 * InvalidParameterException.
 */
export function positionOf(context: Context, scope: CursorScope, token: string | undefined): string[] | undefined {
  if (token === undefined) return undefined
  const position = openCursor(context.sealer, scope, token, context.clock.now())
  if (!position) throw new ApiError('InvalidParameterException', 'Invalid pagination token')
  return position
}

/**
 * The entries of a page and the token of the next one. The caller reads up to `size + 1` rows: the extra row shows that
 * there is a next page.
 */
export function pageOf<Row>(
  context: Context,
  scope: CursorScope,
  rows: readonly Row[],
  size: number,
  position: (row: Row) => readonly string[],
): { entries: Row[]; token: string | undefined } {
  const entries = rows.slice(0, size)
  const last = entries.at(-1)
  if (rows.length <= size || last === undefined) return { entries, token: undefined }
  return { entries, token: sealCursor(context.sealer, scope, position(last), context.clock.now()) }
}
