import { operation } from '../operation.ts'
import { changeTags } from './change-tags.ts'

export const tagResource = operation('TagResource', async (context, { input, caller }) => {
  await changeTags(context, input.ResourceArn, caller, (tags) => ({ ...tags, ...input.Tags }))
  return {}
})
