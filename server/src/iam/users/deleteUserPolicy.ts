import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { deleteInlinePolicy } from '../policies/inline-policies.ts'

export const deleteUserPolicy = operation('DeleteUserPolicy', async (context, { input }) => {
  await deleteInlinePolicy(context, named('user', input.UserName), input.PolicyName)
})
