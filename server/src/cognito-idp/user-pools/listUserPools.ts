import { type CursorScope, openCursor, sealCursor } from '../../database/cursor.ts'
import { operation } from '../operation.ts'
import { seenBy } from '../replicas/place-rules.ts'
import { listPools, listReplicatedPools, type UserPool } from './pool-store.ts'
import { userPoolDescription } from './pool-type.ts'

/** As the engines compare ids. */
const byId = (one: UserPool, other: UserPool): number => (one.id < other.id ? -1 : 1)

/** ListUserPools: the pools of the caller's region, primary and secondary ones, by id. */
export const listUserPools = operation('ListUserPools', async (context, { input, caller, fail }) => {
  const scope: CursorScope = { operation: 'ListUserPools', request: [caller.region] }
  const now = context.clock.now()
  const position = input.NextToken === undefined ? [''] : openCursor(context.sealer, scope, input.NextToken, now)
  if (!position) throw fail('InvalidParameterException', 'Invalid pagination token')
  const after = position[0] as string
  const [primary, secondary] = await Promise.all(
    [listPools, listReplicatedPools].map((list) => list(context.db, caller.region, after, input.MaxResults + 1)),
  )
  const pools = [...(primary ?? []), ...(secondary ?? [])].sort(byId)
  const page = pools.slice(0, input.MaxResults)
  const last = pools.length > page.length ? page.at(-1) : undefined
  return {
    UserPools: page.map((pool) => userPoolDescription(seenBy(pool, caller))),
    NextToken: last && sealCursor(context.sealer, scope, [last.id], now),
  }
})
