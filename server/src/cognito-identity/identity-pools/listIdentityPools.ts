import type { CursorScope } from '../../database/cursor.ts'
import { pageOf, positionOf } from '../../pagination.ts'
import { operation } from '../operation.ts'
import { listIdentityPools as listPools } from './pool-store.ts'

export const listIdentityPools = operation('ListIdentityPools', async (context, { input, caller }) => {
  const scope: CursorScope = { operation: 'ListIdentityPools', request: [caller.region] }
  const [after] = positionOf(context, scope, input.NextToken) ?? []
  const pools = await listPools(context.db, caller.region, after, input.MaxResults + 1)
  const { entries, token } = pageOf(context, scope, pools, input.MaxResults, ({ id }) => [id])
  return {
    IdentityPools: entries.map(({ id, settings }) => ({
      IdentityPoolId: id,
      IdentityPoolName: settings.IdentityPoolName,
    })),
    NextToken: token,
  }
})
