// Lists of roles, users and groups: in the order of path and name, below a path.
import type { Context } from '../context.ts'
import { listEntities, pathKey } from './entity-store.ts'
import type { Entity } from './entity-types.ts'
import { type PageEnd, type PageRequest, pageOf, pageSize, positionOf } from './pagination.ts'

/**
 * A page of a kind. Rows are found by a prefix of path and name without case; those whose path does not begin with
 * PathPrefix are filtered out, so a page may be shorter than MaxItems.
 */
export async function listByPath<Kind extends 'role' | 'user' | 'group'>(
  context: Context,
  operation: string,
  kind: Kind,
  request: PageRequest & { PathPrefix?: string | undefined },
): Promise<{ entries: Entity<Kind>[]; end: PageEnd }> {
  const { PathPrefix = '/' } = request
  const scope = { operation, request: [PathPrefix] }
  const size = pageSize(request)
  const after = positionOf(context, scope, request)
  const rows = await listEntities(context.db, kind, { pathPrefix: PathPrefix, after, limit: size + 1 })
  const { entries, end } = pageOf(context, scope, rows, size, ({ settings }) => pathKey(settings))
  return { entries: entries.filter(({ settings }) => settings.path.startsWith(PathPrefix)), end }
}
