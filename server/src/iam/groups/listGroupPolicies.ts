import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { listInlinePolicies } from '../policies/inline-policies.ts'

/** Names of inline policies. */
export const listGroupPolicies = operation('ListGroupPolicies', async (context, { input }) => {
  return listInlinePolicies(context, 'ListGroupPolicies', named('group', input.GroupName), input)
})
