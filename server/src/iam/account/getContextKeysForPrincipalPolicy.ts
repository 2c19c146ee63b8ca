import { operation } from '../operation.ts'
import { contextKeyNames } from './context-keys.ts'
import { givenPolicies, policiesOf, policySource } from './simulated-policies.ts'

/** Of a user, group or role, and of the policies in the request with it. */
export const getContextKeysForPrincipalPolicy = operation(
  'GetContextKeysForPrincipalPolicy',
  async (context, { input }) => {
    const own = await policiesOf(context, await policySource(context, input.PolicySourceArn))
    return { ContextKeyNames: contextKeyNames([...own, ...givenPolicies('PolicyInputList', input.PolicyInputList)]) }
  },
)
