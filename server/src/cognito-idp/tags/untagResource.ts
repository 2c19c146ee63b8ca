import { operation } from '../operation.ts'
import { changePoolSettings } from '../user-pools/read-pool.ts'
import { taggedPoolId } from './tagged-pool.ts'

export const untagResource = operation('UntagResource', async (context, { input }) => {
  const removed = new Set(input.TagKeys)
  await changePoolSettings(context, taggedPoolId(context, input.ResourceArn), (settings) => ({
    ...settings,
    UserPoolTags: Object.fromEntries(Object.entries(settings.UserPoolTags ?? {}).filter(([key]) => !removed.has(key))),
  }))
  return {}
})
