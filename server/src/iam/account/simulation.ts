// Simulations: the decisions of policies, evaluated without executing anything. Every action is evaluated on every
// resource; only the results of the requested page are computed.
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import type {
  ContextEntry,
  EvaluationResult,
  SimulateCustomPolicyRequest,
  SimulatePolicyResponse,
} from '../../contract/iam.types.ts'
import { ApiError } from '../../errors.ts'
import { type CompiledPolicy, compilePolicy } from '../../policy/compile-policy.ts'
import {
  type Explanation,
  explain,
  missingContextKeys,
  type PolicyRequest,
  type PolicySet,
  type PolicyType,
} from '../../policy/evaluate.ts'
import { readPolicy } from '../../policy/policy-grammar.ts'
import type { Principal } from '../../policy/principal.ts'
import { type ContextEntries, createRequestContext } from '../../policy/request-context.ts'
import { TooMuchWork } from '../../policy/work.ts'
import { parseEntityArn } from '../arn-rules.ts'
import { limits } from '../limits.ts'
import { pageOf, pageSize, positionOf } from '../pagination.ts'
import type { SimulatedPolicy } from './simulated-policies.ts'
import { createStatementOf, resultOf } from './simulation-result.ts'

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
  const start = Number(positionOf(context, scope, input) ?? -1) + 1
  const end = Math.min(ActionNames.length * ResourceArns.length, start + pageSize(input))
  const results: EvaluationResult[] = []
  let steps = 0
  for (let position = start; position < end && steps < limits.simulatedSteps.max; position++) {
    // Lets other requests in between, as an evaluation may take milliseconds.
    if (steps > 0) await setImmediate()
    const action = ActionNames[Math.floor(position / ResourceArns.length)] as string
    const evaluated = evaluateOne(action, ResourceArns[position % ResourceArns.length] as string)
    results.push(evaluated.result)
    steps += evaluated.steps
  }
  const left = Array.from({ length: ActionNames.length * ResourceArns.length - start }, (_, index) => start + index)
  return { EvaluationResults: results, ...pageOf(context, scope, left, results.length, String).end }
}

/** Prepares what is the same for all actions and resources; returns a function that evaluates one. */
function prepare(input: SimulationRequest, simulation: Simulation): (action: string, resource: string) => Evaluated {
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
  const missing = missingContextKeys(context, policies)
  const statementOf = createStatementOf(sources)
  return (action, resource) => {
    const request = { action, resource, principal, context, ...(account !== undefined && { resourceAccount: account }) }
    const explanation = explainWithin(request, policies)
    const result = resultOf(request, explanation, { policies, missing, statementOf })
    const shown = explanation.decision.matched.length + missing.length
    return { result, steps: context.work.steps + shown * STEPS_OF_SHOWING }
  }
}

interface Evaluated {
  result: EvaluationResult
  steps: number
}

/** What a statement or key in the answer costs, in steps of evaluation. */
const STEPS_OF_SHOWING = 20

const compileIdentityPolicy = ({ text }: SimulatedPolicy): CompiledPolicy => compilePolicy(text, 'identity')

function explainWithin(request: PolicyRequest, policies: PolicySet): Explanation {
  try {
    return explain(request, policies)
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error
    throw invalidInputError(
      `The policies and context values are too many to be compared for ${request.action} on ${request.resource}.`,
    )
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
