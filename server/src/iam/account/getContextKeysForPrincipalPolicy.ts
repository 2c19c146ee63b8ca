import { operation } from '../operation.ts'
import { contextKeyNames } from './context-keys.ts'
import { givenPolicies, policiesOf, policySource } from './simulated-policies.ts'

/** The context keys in the policies of a user, group or role, and in those of the request. */
export const getContextKeysForPrincipalPolicy = operation(
  'GetContextKeysForPrincipalPolicy',
  async (context, { input }) => {
    const attached = await policiesOf(context, await policySource(context, input.PolicySourceArn))
    return {
      ContextKeyNames: contextKeyNames([...attached, ...givenPolicies('PolicyInputList', input.PolicyInputList)]),
    }
  },
)
