import { operation } from '../operation.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { taggedPoolId } from './tagged-pool.ts'

export const listTagsForResource = operation('ListTagsForResource', async (context, { input }) => {
  const pool = await readPool(context, taggedPoolId(context, input.ResourceArn))
  return { Tags: pool.settings.UserPoolTags ?? {} }
})
