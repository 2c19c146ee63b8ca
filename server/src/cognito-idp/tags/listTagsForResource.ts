import { operation } from '../operation.ts'
import { poolAt, tagsOf } from '../replicas/place-rules.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { taggedPoolId } from './tagged-pool.ts'

export const listTagsForResource = operation('ListTagsForResource', async (context, { input, caller }) => {
  const pool = await readPool(context, await taggedPoolId(context, input.ResourceArn, caller))
  return { Tags: { ...tagsOf(poolAt(pool, caller) ?? pool) } }
})
