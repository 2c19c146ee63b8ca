import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { detachPolicy } from '../policies/attached-policies.ts'

export const detachUserPolicy = operation('DetachUserPolicy', async (context, { input }) => {
  await detachPolicy(context, named('user', input.UserName), input.PolicyArn)
})
