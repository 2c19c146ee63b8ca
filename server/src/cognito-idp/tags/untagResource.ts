import { operation } from '../operation.ts'
import { changePoolSettings } from '../user-pools/read-pool.ts'
import { taggedPoolId } from './tagged-pool.ts'

export const untagResource = operation('UntagResource', async (context, { input, caller }) => {
  const removed = new Set(input.TagKeys)
  await changePoolSettings(context, await taggedPoolId(context, input.ResourceArn, caller), (settings) => ({
    ...settings,
    UserPoolTags: Object.fromEntries(Object.entries(settings.UserPoolTags ?? {}).filter(([key]) => !removed.has(key))),
  }))
  return {}
})
