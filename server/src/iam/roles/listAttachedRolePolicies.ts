import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { listAttachedPolicies } from '../policies/attached-policies.ts'

/** Managed policies, in the order of their ARNs. */
export const listAttachedRolePolicies = operation('ListAttachedRolePolicies', (context, { input }) =>
  listAttachedPolicies(context, 'ListAttachedRolePolicies', named('role', input.RoleName), input),
)
