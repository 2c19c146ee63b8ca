import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { listAttachedPolicies } from '../policies/attached-policies.ts'

/** Managed policies, in the order of their ARNs. */
export const listAttachedGroupPolicies = operation('ListAttachedGroupPolicies', async (context, { input }) => {
  return listAttachedPolicies(context, 'ListAttachedGroupPolicies', named('group', input.GroupName), input)
})
