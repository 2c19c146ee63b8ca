import { operation } from '../operation.ts'
import { untagEntity } from '../tags.ts'
import { ownPolicy } from './managed-policies.ts'

/** Keys that are not there are passed over. */
export const untagPolicy = operation('UntagPolicy', async (context, { input }) => {
  await untagEntity(context, ownPolicy(context, input.PolicyArn), input.TagKeys)
})
