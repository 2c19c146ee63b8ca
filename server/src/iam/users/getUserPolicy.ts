import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { getInlinePolicy } from '../policies/inline-policies.ts'

/** The document comes URL-encoded (docs/reference/identity-pools-sts-iam-sync.md 18.1). */
export const getUserPolicy = operation('GetUserPolicy', async (context, { input }) => {
  const { holderName, ...policy } = await getInlinePolicy(context, named('user', input.UserName), input.PolicyName)
  return { UserName: holderName, ...policy }
})
