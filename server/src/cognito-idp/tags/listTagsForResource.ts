import { operation } from '../operation.ts'
import { seenBy, tagsOf } from '../replicas/place-rules.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { taggedPool } from './tagged-pool.ts'

export const listTagsForResource = operation('ListTagsForResource', async (context, { input, caller }) => {
  const named = await taggedPool(context, input.ResourceArn, caller)
  const pool = await readPool(context, named.id)
  return { Tags: { ...tagsOf(seenBy(pool, named)) } }
})
