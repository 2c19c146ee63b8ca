import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { detachPolicy } from '../policies/attached-policies.ts'

export const detachGroupPolicy = operation('DetachGroupPolicy', async (context, { input }) => {
  await detachPolicy(context, named('group', input.GroupName), input.PolicyArn)
})
