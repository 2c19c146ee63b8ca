import { operation } from '../operation.ts'
import { untagEntity } from '../tags.ts'
import { ownPolicy } from './managed-policies.ts'

/** Unknown keys are ignored. */
export const untagPolicy = operation('UntagPolicy', async (context, { input }) => {
  await untagEntity(context, ownPolicy(context, input.PolicyArn), input.TagKeys)
})
