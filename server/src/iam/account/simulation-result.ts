// The result of a simulated action on a resource, as the service shows it (docs/behaviour/iam.md, "Simulations").
import type {
  EvaluationResult,
  PolicyEvaluationDecisionType,
  PolicySourceType,
  Statement,
} from '../../contract/iam.types.ts'
import {
  type Explanation,
  isCrossAccount,
  type MatchedStatement,
  type PolicyRequest,
  type PolicySet,
  type PolicyType,
} from '../../policy/evaluate.ts'
import { statementPositions } from '../../policy/policy-json.ts'
import type { SimulatedPolicy } from './simulated-policies.ts'

/** What is the same for all results of a simulation. */
export interface Shown {
  policies: PolicySet
  missing: readonly string[]
  statementOf: (matched: MatchedStatement) => Statement
}

/** A result. With a resource that is named, the statements and missing keys are repeated for it (docs/behaviour/iam.md). */
export function resultOf(
  { action, resource, principal, resourceAccount }: PolicyRequest,
  { decision, allowedBy }: Explanation,
  { policies, missing, statementOf }: Shown,
): EvaluationResult {
  const denies = (wanted: PolicyType) =>
    !decision.allowed && decision.kind === 'explicit-deny' && decision.matched.some(({ type }) => type === wanted)
  const verdict = (type: 'identity' | 'resource'): PolicyEvaluationDecisionType =>
    denies(type) ? 'explicitDeny' : allowedBy[type] ? 'allowed' : 'implicitDeny'
  const EvalDecision: PolicyEvaluationDecisionType = decision.allowed ? 'allowed' : decisions[decision.kind]
  const MatchedStatements = decision.matched.map(statementOf)
  const boundary = policies.boundary && {
    PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: allowedBy.boundary && !denies('boundary') },
  }
  const base = { EvalActionName: action, EvalResourceName: resource, EvalDecision, MatchedStatements, ...boundary }
  if (resource === '*') return { ...base, MissingContextValues: [...missing] }
  const crossAccount = policies.resource !== undefined && isCrossAccount({ principal, resource, resourceAccount })
  const details: Pick<EvaluationResult, 'EvalDecisionDetails'> = {
    EvalDecisionDetails: crossAccount
      ? { [sourceTypes.identity]: verdict('identity'), [sourceTypes.resource]: verdict('resource') }
      : {},
  }
  const ofResource = {
    EvalResourceName: resource,
    EvalResourceDecision: EvalDecision,
    MatchedStatements,
    MissingContextValues: [...missing],
    ...(crossAccount && details),
    ...boundary,
  }
  return { ...base, MissingContextValues: [], ...details, ResourceSpecificResults: [ofResource] }
}

const decisions = { 'explicit-deny': 'explicitDeny', 'implicit-deny': 'implicitDeny' } as const satisfies Record<
  string,
  PolicyEvaluationDecisionType
>

/** What the service says of policies: not the words of its own model (docs/behaviour/iam.md). */
const sourceTypes = { identity: 'IAM Policy', resource: 'Resource Policy' } as const

/** Tells where statements are. A policy's text is read once, when a statement of it is first shown. */
export function createStatementOf(
  sources: Partial<Record<PolicyType, readonly SimulatedPolicy[]>>,
): Shown['statementOf'] {
  const positions = new Map<SimulatedPolicy, ReturnType<typeof statementPositions>>()
  return ({ type, policy, position }) => {
    const source = sources[type]?.[policy] as SimulatedPolicy
    const places = positions.get(source) ?? statementPositions(source.text)
    positions.set(source, places)
    const place = places[position]
    return {
      SourcePolicyId: source.id,
      SourcePolicyType: sourceTypes[type === 'resource' ? 'resource' : 'identity'] as PolicySourceType,
      ...(place && { StartPosition: place.start, EndPosition: place.end }),
    }
  }
}
