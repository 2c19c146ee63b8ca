// Lists the users of a pool, all or those that match a filter. docs/reference/user-pools.md 7.7.
import type { Context } from '../../context.ts'
import { pageOf, pageSize, positionOf } from '../../pagination.ts'
import { operation } from '../operation.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { unknownAttributesProblem } from './attribute-rules.ts'
import { parseUserFilter } from './user-filter-rules.ts'
import { type FoundUser, listUsersBySub, searchUsers } from './user-list-store.ts'
import { matchesFilter, searchOf, type UserFilter } from './user-search-rules.ts'
import { userType } from './user-type.ts'

/** ListUsers. The order is unspecified: by sub, or by the column that the filter searches. */
export const listUsers = operation('ListUsers', async (context, { input, pool, fail }) => {
  const parsed = parseUserFilter(input.Filter ?? '')
  if ('refused' in parsed) throw fail(parsed.refused, parsed.message)
  const problem = unknownAttributesProblem(pool.settings, input.AttributesToGet ?? [])
  if (problem !== undefined) throw fail('InvalidParameterException', problem)
  const { filter } = parsed
  const scope = { operation: 'ListUsers', request: [pool.id, filter?.attribute, filter?.compare, filter?.value] }
  const size = pageSize(input.Limit)
  const position = positionOf(context, scope, input.PaginationToken)
  const found = await findPage(context, pool, filter, position, size + 1)
  const page = pageOf(context, scope, found, size, ({ user, key }) => [key, user.sub])
  // Keys are truncated, so the index may find users that do not match; a page may be short and still have a next one.
  const users = page.entries.map(({ user }) => user).filter((user) => !filter || matchesFilter(user, filter))
  return { Users: users.map((user) => userType(user, input.AttributesToGet)), PaginationToken: page.token }
})

async function findPage(
  context: Context,
  pool: UserPool,
  filter: UserFilter | undefined,
  [key, sub]: string[] = [],
  limit: number,
): Promise<FoundUser[]> {
  if (!filter) return (await listUsersBySub(context.db, pool, undefined, sub ?? '', limit)).map(withoutKey)
  const after = key === undefined || sub === undefined ? undefined : { key, sub }
  return searchUsers(context.db, pool, searchOf(pool.settings, filter), after, limit)
}

const withoutKey = (user: FoundUser['user']): FoundUser => ({ user, key: '' })
