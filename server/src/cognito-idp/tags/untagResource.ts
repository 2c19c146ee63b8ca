import { operation } from '../operation.ts'
import { changeTags } from './change-tags.ts'

export const untagResource = operation('UntagResource', async (context, { input, caller }) => {
  const removed = new Set(input.TagKeys)
  await changeTags(context, input.ResourceArn, caller, (tags) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !removed.has(key))),
  )
  return {}
})
