import { operation } from '../operation.ts'
import { tagEntity } from '../tags.ts'
import { ownPolicy } from './managed-policies.ts'

/** Adds tags; a tag replaces one with the same key. */
export const tagPolicy = operation('TagPolicy', async (context, { input }) => {
  await tagEntity(context, ownPolicy(context, input.PolicyArn), input.Tags)
})
