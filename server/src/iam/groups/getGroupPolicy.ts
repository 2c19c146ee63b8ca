import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { getInlinePolicy } from '../policies/inline-policies.ts'

/** The document comes URL-encoded (docs/reference/identity-pools-sts-iam-sync.md 18.1). */
export const getGroupPolicy = operation('GetGroupPolicy', async (context, { input }) => {
  const { holderName, ...policy } = await getInlinePolicy(context, named('group', input.GroupName), input.PolicyName)
  return { GroupName: holderName, ...policy }
})
