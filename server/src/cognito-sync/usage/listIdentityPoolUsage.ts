import { listIdentityPools } from '../../cognito-identity/identity-pools/pool-store.ts'
import type { CursorScope } from '../../database/cursor.ts'
import { pageOf, positionOf } from '../../pagination.ts'
import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { pageRefusal, pageSize } from '../page-size.ts'
import { poolUsageType } from './usage-type.ts'

/** All identity pools of the region, those without datasets too, by id. */
export const listIdentityPoolUsage = operation('ListIdentityPoolUsage', async (context, { input, caller, fail }) => {
  enforce(fail, pageRefusal(input.MaxResults))
  const size = pageSize(input.MaxResults)
  const scope: CursorScope = { operation: 'ListIdentityPoolUsage', request: [caller.region] }
  const [after] = positionOf(context, scope, input.NextToken) ?? []
  const pools = await listIdentityPools(context.db, caller.region, after, size + 1)
  const { entries, token } = pageOf(context, scope, pools, size, ({ id }) => [id])
  const usages = await context.datasetUsage.read(entries.map(({ id }) => id))
  return {
    IdentityPoolUsages: entries.map((pool) => poolUsageType(pool, usages.get(pool.id))),
    MaxResults: size,
    Count: entries.length,
    NextToken: token,
  }
})
