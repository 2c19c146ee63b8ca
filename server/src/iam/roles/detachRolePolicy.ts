import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { detachPolicy } from '../policies/attached-policies.ts'

export const detachRolePolicy = operation('DetachRolePolicy', async (context, { input }) => {
  await detachPolicy(context, named('role', input.RoleName), input.PolicyArn)
})
