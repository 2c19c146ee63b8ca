import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { deleteInlinePolicy } from '../policies/inline-policies.ts'

export const deleteGroupPolicy = operation('DeleteGroupPolicy', async (context, { input }) => {
  await deleteInlinePolicy(context, named('group', input.GroupName), input.PolicyName)
})
