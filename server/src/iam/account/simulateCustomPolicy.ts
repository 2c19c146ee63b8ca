import { rootArn } from '../arn-rules.ts'
import { operation } from '../operation.ts'
import { givenPolicies } from './simulated-policies.ts'
import { simulate } from './simulation.ts'

/** Simulates the policies of the request alone, for no particular principal. */
export const simulateCustomPolicy = operation('SimulateCustomPolicy', async (context, { input }) => {
  const { accountId } = context.config
  const boundary = input.PermissionsBoundaryPolicyInputList
  return simulate(context, 'SimulateCustomPolicy', input, {
    identity: givenPolicies('PolicyInputList', input.PolicyInputList),
    boundary: boundary && givenPolicies('PermissionsBoundaryPolicyInputList', boundary),
    // Not of kind root, which would be allowed everything.
    principal: { kind: 'role-session', arn: rootArn(accountId), account: accountId },
    keys: [],
  })
})
