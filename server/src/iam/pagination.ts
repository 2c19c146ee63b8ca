// Pages of IAM's lists: MaxItems entries, and a Marker for the next ones
// (docs/reference/identity-pools-sts-iam-sync.md 18.1). A marker is bound to its operation and request
// (database/cursor.ts).
import type { Context } from '../context.ts'
import { type CursorScope, openCursor, sealCursor } from '../database/cursor.ts'
import { ApiError } from '../errors.ts'
import { limits } from './limits.ts'

export interface PageRequest {
  Marker?: string | undefined
  MaxItems?: number | undefined
}

/** The members of an answer that say whether there is another page. */
export interface PageEnd {
  IsTruncated: boolean
  Marker: string | undefined
}

/** Entries of a page; the contract bounds it to 1 to 1000. */
export const pageSize = ({ MaxItems }: PageRequest): number => MaxItems ?? limits.page.max

/** The position after which the page starts; undefined for the first page. Throws ValidationError. */
export function positionOf(context: Context, scope: CursorScope, { Marker }: PageRequest): string | undefined {
  if (Marker === undefined) return undefined
  const [position] = openCursor(context.sealer, scope, Marker, context.clock.now()) ?? []
  if (position === undefined) throw new ApiError('ValidationError', 'Invalid Marker.')
  return position
}

/** The entries of a page and its end. `rows` has one more than `size` when there is a next page. */
export function pageOf<Row>(
  context: Context,
  scope: CursorScope,
  rows: readonly Row[],
  size: number,
  position: (row: Row) => string,
): { entries: Row[]; end: PageEnd } {
  const entries = rows.slice(0, size)
  const last = entries.at(-1)
  if (rows.length <= size || last === undefined) return { entries, end: { IsTruncated: false, Marker: undefined } }
  return {
    entries,
    end: { IsTruncated: true, Marker: sealCursor(context.sealer, scope, [position(last)], context.clock.now()) },
  }
}

/** A page of values in memory, such as the tags of an entity, in the order of their keys. */
export function pageOfValues<Value>(
  context: Context,
  scope: CursorScope,
  request: PageRequest,
  values: readonly Value[],
  keyOf: (value: Value) => string,
): { entries: Value[]; end: PageEnd } {
  const after = positionOf(context, scope, request)
  const size = pageSize(request)
  const rest = values
    .filter((value) => after === undefined || keyOf(value) > after)
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
    .slice(0, size + 1)
  return pageOf(context, scope, rest, size, keyOf)
}

/** The page of a list that is always empty. */
export const emptyPage: PageEnd = { IsTruncated: false, Marker: undefined }
