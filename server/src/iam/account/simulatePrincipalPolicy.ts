import type { Principal } from '../../policy/principal.ts'
import type { ContextEntries } from '../../policy/request-context.ts'
import { entityArn } from '../arn-rules.ts'
import { operation } from '../operation.ts'
import type { Holder } from '../policies/holders.ts'
import { boundaryOf, givenPolicies, isExcluded, policiesOf, policySource } from './simulated-policies.ts'
import { simulate } from './simulation.ts'

/**
 * Simulates the policies of a user, group or role with those of the request. A boundary in the request replaces its
 * own.
 */
export const simulatePrincipalPolicy = operation('SimulatePrincipalPolicy', async (context, { input }) => {
  const source = await policySource(context, input.PolicySourceArn)
  const { PolicyExclusionList, PermissionsBoundaryPolicyInputList: boundary } = input
  const attached = (await policiesOf(context, source)).filter((policy) => !isExcluded(policy, PolicyExclusionList))
  const ownBoundary = (await boundaryOf(context, source))?.filter((policy) => !isExcluded(policy, PolicyExclusionList))
  const { accountId } = context.config
  return simulate(context, 'SimulatePrincipalPolicy', input, {
    identity: [...attached, ...givenPolicies('PolicyInputList', input.PolicyInputList)],
    boundary: boundary
      ? givenPolicies('PermissionsBoundaryPolicyInputList', boundary)
      : ownBoundary?.length === 0
        ? undefined
        : ownBoundary,
    principal: principalOf(accountId, source),
    keys: keysOf(accountId, source),
  })
})

const principalOf = (accountId: string, source: Holder): Principal => ({
  kind: source.kind === 'user' ? 'user' : 'role-session',
  arn: entityArn(accountId, source),
  account: accountId,
})

/** The condition keys of the principal that are known without a request. */
function keysOf(accountId: string, source: Holder): ContextEntries {
  if (source.kind === 'group') return []
  const tags = 'tags' in source.settings ? source.settings.tags : []
  return [
    ['aws:PrincipalArn', entityArn(accountId, source)],
    ['aws:PrincipalAccount', accountId],
    ['aws:PrincipalType', source.kind === 'user' ? 'User' : 'AssumedRole'],
    ...(source.kind === 'user'
      ? ([
          ['aws:username', source.settings.name],
          ['aws:userid', source.id],
        ] as const)
      : []),
    ...tags.map(({ Key, Value }) => [`aws:PrincipalTag/${Key}`, Value] as const),
  ]
}
