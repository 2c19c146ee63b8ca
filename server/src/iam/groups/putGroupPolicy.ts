import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { putInlinePolicy } from '../policies/inline-policies.ts'

/** Adds an inline policy, or replaces the one of that name. */
export const putGroupPolicy = operation('PutGroupPolicy', async (context, { input }) => {
  await putInlinePolicy(context, named('group', input.GroupName), input)
})
