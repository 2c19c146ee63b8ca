import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { listInlinePolicies } from '../policies/inline-policies.ts'

/** Names of inline policies, sorted. */
export const listRolePolicies = operation('ListRolePolicies', (context, { input }) =>
  listInlinePolicies(context, 'ListRolePolicies', named('role', input.RoleName), input),
)
