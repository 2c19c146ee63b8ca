import { readIdentityPool } from '../identity-pools/change-pool.ts'
import { operation } from '../operation.ts'
import { taggedPoolId } from './tagged-pool.ts'

export const listTagsForResource = operation('ListTagsForResource', async (context, { input }) => {
  const { settings } = await readIdentityPool(context, taggedPoolId(context, input.ResourceArn))
  return { Tags: settings.IdentityPoolTags ?? {} }
})
