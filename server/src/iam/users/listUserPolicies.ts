import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { listInlinePolicies } from '../policies/inline-policies.ts'

/** Names of inline policies. */
export const listUserPolicies = operation('ListUserPolicies', async (context, { input }) => {
  return listInlinePolicies(context, 'ListUserPolicies', named('user', input.UserName), input)
})
