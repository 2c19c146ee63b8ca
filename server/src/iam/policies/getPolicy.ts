import { operation } from '../operation.ts'
import { countPolicyUsers } from './attachment-store.ts'
import { findManagedPolicy } from './managed-policies.ts'
import { awsPolicyType, policyType } from './policy-type.ts'

export const getPolicy = operation('GetPolicy', async (context, { input }) => {
  const found = await findManagedPolicy(context, context.db, input.PolicyArn)
  return 'own' in found
    ? { Policy: policyType(context.config.accountId, found.own) }
    : { Policy: awsPolicyType(found.builtIn, await countPolicyUsers(context.db, input.PolicyArn)) }
})
