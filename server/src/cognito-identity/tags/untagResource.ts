import { changeSettings } from '../identity-pools/change-pool.ts'
import { operation } from '../operation.ts'
import { taggedPoolId } from './tagged-pool.ts'

export const untagResource = operation('UntagResource', async (context, { input, caller }) => {
  const removedKeys = new Set(input.TagKeys)
  await changeSettings(
    context,
    await taggedPoolId(context, input.ResourceArn, caller),
    ({ IdentityPoolTags = {}, ...settings }) => ({
      ...settings,
      IdentityPoolTags: Object.fromEntries(Object.entries(IdentityPoolTags).filter(([key]) => !removedKeys.has(key))),
    }),
  )
  return {}
})
