import { readIdentityPool } from '../identity-pools/change-pool.ts'
import { operation } from '../operation.ts'
import { taggedPoolId } from './tagged-pool.ts'

export const listTagsForResource = operation('ListTagsForResource', async (context, { input, caller }) => {
  const { settings } = await readIdentityPool(context, await taggedPoolId(context, input.ResourceArn, caller))
  return { Tags: settings.IdentityPoolTags ?? {} }
})
