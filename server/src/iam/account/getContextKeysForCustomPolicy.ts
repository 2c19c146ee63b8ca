import { operation } from '../operation.ts'
import { contextKeyNames } from './context-keys.ts'
import { givenPolicies } from './simulated-policies.ts'

export const getContextKeysForCustomPolicy = operation(
  'GetContextKeysForCustomPolicy',
  async (_context, { input }) => ({
    ContextKeyNames: contextKeyNames(givenPolicies('PolicyInputList', input.PolicyInputList)),
  }),
)
