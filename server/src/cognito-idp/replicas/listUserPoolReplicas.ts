import { type CursorScope, openCursor, sealCursor } from '../../database/cursor.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { replicaTypes } from './place-rules.ts'

/** ListUserPoolReplicas: every region of a pool by name, the primary one too (docs/reference/user-pools.md 18.8). */
export const listUserPoolReplicas = operation('ListUserPoolReplicas', async (context, { input, fail }) => {
  const scope: CursorScope = { operation: 'ListUserPoolReplicas', request: [input.UserPoolId] }
  const now = context.clock.now()
  const position = input.NextToken === undefined ? [''] : openCursor(context.sealer, scope, input.NextToken, now)
  if (!position) throw fail('InvalidParameterException', 'Invalid pagination token')
  const all = replicaTypes(await readPool(context, input.UserPoolId), context.config.accountId)
  const rest = all.filter(({ RegionName = '' }) => RegionName > (position[0] as string))
  const page = rest.slice(0, limits.replicasPage.max)
  const last = rest.length > page.length ? page.at(-1)?.RegionName : undefined
  return {
    UserPoolReplicas: page,
    ...(last !== undefined && { NextToken: sealCursor(context.sealer, scope, [last], now) }),
  }
})
