import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { deleteInlinePolicy } from '../policies/inline-policies.ts'

export const deleteRolePolicy = operation('DeleteRolePolicy', async (context, { input }) => {
  await deleteInlinePolicy(context, named('role', input.RoleName), input.PolicyName)
})
