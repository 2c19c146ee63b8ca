import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { listAttachedPolicies } from '../policies/attached-policies.ts'

/** Managed policies, in the order of their ARNs. */
export const listAttachedUserPolicies = operation('ListAttachedUserPolicies', async (context, { input }) => {
  return listAttachedPolicies(context, 'ListAttachedUserPolicies', named('user', input.UserName), input)
})
