// Simulations: the decisions of policies, evaluated without executing anything. Every action is evaluated on every
// resource; only the results of the requested page are computed.
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import type {
  ContextEntry,
  EvaluationResult,
  PolicyEvaluationDecisionType,
  SimulateCustomPolicyRequest,
  SimulatePolicyResponse,
  Statement,
} from '../../contract/iam.types.ts'
import { ApiError } from '../../errors.ts'
import { type CompiledPolicy, compilePolicy } from '../../policy/compile-policy.ts'
import { explain, type MatchedStatement, type PolicySet, type PolicyType } from '../../policy/evaluate.ts'
import { readPolicy } from '../../policy/policy-grammar.ts'
import { outlineJson, positionOf as placeIn } from '../../policy/policy-json.ts'
import type { Principal } from '../../policy/principal.ts'
import { type ContextEntries, createRequestContext, type RequestContext } from '../../policy/request-context.ts'
import { parseEntityArn } from '../arn-rules.ts'
import { pageOf, pageSize, positionOf } from '../pagination.ts'
import type { SimulatedPolicy } from './simulated-policies.ts'

/** The members that both operations have. */
export type SimulationRequest = Omit<SimulateCustomPolicyRequest, 'PolicyInputList'>

export interface Simulation {
  identity: readonly SimulatedPolicy[]
  /** Undefined without a boundary. */
  boundary: readonly SimulatedPolicy[] | undefined
  /** The principal of the requests; `CallerArn` replaces it. */
  principal: Principal
  /** Condition keys of the principal; those of the request take precedence. */
  keys: ContextEntries
}

const invalidInputError = (message: string): ApiError => new ApiError('InvalidInputException', message)

/** The answer to a simulation. Throws InvalidInput for what cannot be simulated. */
export async function simulate(
  context: Context,
  operation: string,
  input: SimulationRequest,
  simulation: Simulation,
): Promise<SimulatePolicyResponse> {
  const evaluateOne = prepare(input, simulation)
  const { ActionNames, ResourceArns = ['*'] } = input
  const { Marker: _marker, MaxItems: _maxItems, ...unpaged } = input
  const fingerprint = createHash('sha256').update(JSON.stringify(unpaged)).digest('base64url')
  const scope = { operation, request: [fingerprint] }
  const size = pageSize(input)
  const start = Number(positionOf(context, scope, input) ?? -1) + 1
  const all = ActionNames.length * ResourceArns.length
  const positions = Array.from({ length: Math.max(0, Math.min(size + 1, all - start)) }, (_, index) => start + index)
  const { entries, end } = pageOf(context, scope, positions, size, String)
  const results: EvaluationResult[] = []
  for (const position of entries) {
    const action = ActionNames[Math.floor(position / ResourceArns.length)] as string
    results.push(evaluateOne(action, ResourceArns[position % ResourceArns.length] as string))
    // Yields to other requests: a thousand evaluations of long policies would block them.
    if (results.length % RESULTS_BETWEEN_YIELDS === 0) await setImmediate()
  }
  return { EvaluationResults: results, ...end }
}

const RESULTS_BETWEEN_YIELDS = 10

/** Prepares what is the same for all actions and resources; returns a function that evaluates one. */
function prepare(
  input: SimulationRequest,
  simulation: Simulation,
): (action: string, resource: string) => EvaluationResult {
  checkRequest(input)
  const resourcePolicy = resourcePolicyOf(input)
  const principal = principalOf(input, simulation.principal)
  const sources: Partial<Record<PolicyType, readonly SimulatedPolicy[]>> = {
    identity: simulation.identity,
    ...(simulation.boundary && { boundary: simulation.boundary }),
    ...(resourcePolicy && { resource: [resourcePolicy] }),
  }
  const policies: PolicySet = {
    identity: simulation.identity.map(compileIdentityPolicy),
    ...(simulation.boundary && { boundary: simulation.boundary.map(compileIdentityPolicy) }),
    ...(resourcePolicy && { resource: compilePolicy(resourcePolicy.text, 'resource') }),
  }
  const context = createRequestContext(simulation.keys, entriesOf(input.ContextEntries))
  const account = resourceAccount(input, principal, resourcePolicy !== undefined)
  return (action, resource) => resultOf({ action, resource, principal, context, policies, sources, account })
}

const compileIdentityPolicy = ({ text }: SimulatedPolicy): CompiledPolicy => compilePolicy(text, 'identity')

interface Evaluation {
  action: string
  resource: string
  principal: Principal
  context: RequestContext
  policies: PolicySet
  sources: Partial<Record<PolicyType, readonly SimulatedPolicy[]>>
  account: string | undefined
}

function resultOf({ action, resource, principal, context, policies, sources, account }: Evaluation): EvaluationResult {
  const request = { action, resource, principal, context, ...(account !== undefined && { resourceAccount: account }) }
  const { decision, allowedBy, missingContextKeys } = explain(request, policies)
  const boundaryDenies =
    !decision.allowed && decision.kind === 'explicit-deny' && decision.matched.some(({ type }) => type === 'boundary')
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: decision.allowed ? 'allowed' : decisions[decision.kind],
    MatchedStatements: decision.matched.map((matched) => statementOf(matched, sources)),
    MissingContextValues: [...missingContextKeys],
    ...(policies.boundary && {
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: allowedBy.boundary && !boundaryDenies },
    }),
  }
}

const decisions = { 'explicit-deny': 'explicitDeny', 'implicit-deny': 'implicitDeny' } as const satisfies Record<
  string,
  PolicyEvaluationDecisionType
>

/** The position of a statement in the text of its policy. */
function statementOf({ type, policy, position }: MatchedStatement, sources: Evaluation['sources']): Statement {
  const source = sources[type]?.[policy] as SimulatedPolicy
  const span = outlineJson(source.text).statements[position]
  return {
    SourcePolicyId: source.id,
    SourcePolicyType: source.type,
    ...(span && {
      StartPosition: placeIn(source.text, span.start),
      EndPosition: placeIn(source.text, span.end),
    }),
  }
}

function checkRequest({ ActionNames, ResourceArns = [], OrderedOrganizationPolicyInputList }: SimulationRequest): void {
  const action = ActionNames.find((name) => !/^[\w-]+:\w+$/.test(name))
  if (action !== undefined) throw invalidInputError(`Invalid action name: ${action}`)
  const resource = ResourceArns.find((arn) => arn !== '*' && !/^arn:[^:]*:[^:]+:[^:]*:[^:]*:./.test(arn))
  if (resource !== undefined) throw invalidInputError(`Invalid resource ARN: ${resource}`)
  if (OrderedOrganizationPolicyInputList?.length)
    throw invalidInputError('OrderedOrganizationPolicyInputList is not supported: there are no organizations here.')
}

function resourcePolicyOf({ ResourcePolicy }: SimulationRequest): SimulatedPolicy | undefined {
  if (ResourcePolicy === undefined) return undefined
  const parsed = readPolicy(ResourcePolicy)
  if ('malformed' in parsed) throw invalidInputError(`Invalid policy ResourcePolicy: ${parsed.malformed}`)
  return { id: 'ResourcePolicy', type: 'resource', text: ResourcePolicy }
}

/** The user of `CallerArn` if given. Required with a resource policy, which names principals. */
function principalOf({ CallerArn, ResourcePolicy }: SimulationRequest, principal: Principal): Principal {
  if (CallerArn !== undefined) {
    const parsed = parseEntityArn(CallerArn)
    if (parsed?.kind !== ('user' as string))
      throw invalidInputError(`Invalid caller ARN: ${CallerArn} is not of an IAM user.`)
    return { kind: 'user', arn: CallerArn, account: parsed?.accountId as string }
  }
  if (ResourcePolicy !== undefined && principal.kind !== 'user')
    throw invalidInputError('CallerArn is required with a ResourcePolicy, unless the simulation is about an IAM user.')
  return principal
}

/**
 * The account of the resource: without a resource policy that of the caller, so that no other account has to allow it.
 */
function resourceAccount(
  { ResourceOwner }: SimulationRequest,
  principal: Principal,
  hasPolicy: boolean,
): string | undefined {
  if (!hasPolicy) return principal.account
  if (ResourceOwner === undefined) return undefined
  const account = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(ResourceOwner)?.[1]
  if (account === undefined) throw invalidInputError(`Invalid resource owner: ${ResourceOwner}`)
  return account
}

/** Context entries as condition keys: multivalued with several values, or a type that ends in List. */
const entriesOf = (entries: readonly ContextEntry[] = []): ContextEntries =>
  entries.map(({ ContextKeyName, ContextKeyValues = [], ContextKeyType = 'string' }) => {
    if (ContextKeyName === undefined) throw invalidInputError('A context entry has no ContextKeyName.')
    const [only, ...more] = ContextKeyValues
    const single = only !== undefined && more.length === 0 && !ContextKeyType.endsWith('List')
    return [ContextKeyName, single ? only : ContextKeyValues] as const
  })
