import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { attachPolicy } from '../policies/attached-policies.ts'

/** Attaching a policy again changes nothing. */
export const attachGroupPolicy = operation('AttachGroupPolicy', async (context, { input }) => {
  await attachPolicy(context, named('group', input.GroupName), input.PolicyArn)
})
