import { type CursorScope, openCursor, sealCursor } from '../../database/cursor.ts'
import { operation } from '../operation.ts'
import { listPools } from './pool-store.ts'
import { userPoolDescription } from './pool-type.ts'

export const listUserPools = operation('ListUserPools', async (context, { input, caller, fail }) => {
  const scope: CursorScope = { operation: 'ListUserPools', request: [caller.region] }
  const now = context.clock.now()
  const position = input.NextToken === undefined ? [''] : openCursor(context.sealer, scope, input.NextToken, now)
  if (!position) throw fail('InvalidParameterException', 'Invalid pagination token')
  const pools = await listPools(context.db, caller.region, position[0] as string, input.MaxResults + 1)
  const page = pools.slice(0, input.MaxResults)
  const last = pools.length > page.length ? page.at(-1) : undefined
  return {
    UserPools: page.map(userPoolDescription),
    NextToken: last && sealCursor(context.sealer, scope, [last.id], now),
  }
})
