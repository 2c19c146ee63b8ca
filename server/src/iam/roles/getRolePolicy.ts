import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { getInlinePolicy } from '../policies/inline-policies.ts'

/** The document comes URL-encoded (docs/reference/identity-pools-sts-iam-sync.md 18.1). */
export const getRolePolicy = operation('GetRolePolicy', async (context, { input }) => {
  const { holderName, ...policy } = await getInlinePolicy(context, named('role', input.RoleName), input.PolicyName)
  return { RoleName: holderName, ...policy }
})
