// Evaluates policies to a decision and its reason (docs/reference/identity-pools-sts-iam-sync.md 16.2). Pure: the
// request and the policies that apply are inputs (authorization/principal-policies.ts finds those).
import { splitArn } from './arn-pattern.ts'
import type { CompiledPolicy, CompiledStatement } from './compile-policy.ts'
import { type ContextKey, contextKeysOf } from './context-keys.ts'
import { isAccountId, type Meaning, type Principal, type PrincipalKind, stronger } from './principal.ts'
import type { RequestContext } from './request-context.ts'
import { charge, TooMuchWork } from './work.ts'

export interface PolicyRequest {
  /** `cognito-idp:CreateGroup`, in any case. */
  action: string
  /** An ARN, or `*` for actions that have none. */
  resource: string
  principal: Principal
  context: RequestContext
  /** The values of variables in `Resource` and `NotResource`; those of `context`, when absent. */
  resourceContext?: RequestContext
  /** The account of the resource, when its ARN has none. */
  resourceAccount?: string
}

export interface PolicySet {
  /** Inline and attached policies, for users including those of groups. */
  identity: readonly CompiledPolicy[]
  /** The permissions boundary, when there is one. */
  boundary?: readonly CompiledPolicy[]
  /** The session policies, if there are any: an Allow in one of them is enough. An empty list allows nothing. */
  session?: readonly CompiledPolicy[]
  /** The policy of the resource. */
  resource?: CompiledPolicy
  /** The trust policy of the role that is to be assumed. */
  trust?: CompiledPolicy
}

export type PolicyType = keyof PolicySet

/** The names of the types in denial texts. */
export const policyNames = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  trust: 'role trust policy',
  boundary: 'permissions boundary',
  session: 'session policy',
} as const satisfies Record<PolicyType, string>

export type PolicyName = (typeof policyNames)[PolicyType]

export interface MatchedStatement {
  type: PolicyType
  /** Index of the policy in its list, from 0. */
  policy: number
  /** Index of the statement in its policy, from 0. */
  position: number
  sid: string | undefined
}

export type Decision =
  | { allowed: true; matched: readonly MatchedStatement[] }
  | {
      allowed: false
      kind: 'explicit-deny' | 'implicit-deny'
      /** The type of policy with the Deny, or the type without an Allow. */
      in: PolicyName
      matched: readonly MatchedStatement[]
    }

export interface Explanation {
  decision: Decision
  /** Whether each type by itself allows. Without policies of the type `identity` and `resource` are false, the others are true. */
  allowedBy: Record<'identity' | 'resource' | 'boundary' | 'session', boolean>
}

/** Types in the order in which a Deny is reported. */
const types: readonly PolicyType[] = ['resource', 'trust', 'identity', 'boundary', 'session']
const restrictions = ['boundary', 'session'] as const

/** Kinds of principals without identity policies: the policy of the resource alone decides. */
const withoutIdentity: ReadonlySet<PrincipalKind> = new Set(['federated', 'service', 'anonymous'])

interface MatchInput {
  action: string
  resource: string
  arn: readonly string[] | undefined
  context: RequestContext
  resourceContext: RequestContext
  principal: Principal
}

function matchInputOf({ action, resource, context, resourceContext = context, principal }: PolicyRequest): MatchInput {
  context.work.steps = 0
  resourceContext.work.steps = 0
  return { action: action.toLowerCase(), resource, arn: splitArn(resource), context, resourceContext, principal }
}

/**
 * The decision. `matched`: one Deny, or one Allow of each type of policy that has to allow. What would take more steps
 * than `limits.steps` is denied.
 */
export function evaluate(request: PolicyRequest, policies: PolicySet): Decision {
  try {
    return decide(request, policies)
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error
    return { allowed: false, kind: 'explicit-deny', in: policyNames.identity, matched: [] }
  }
}

function decide(request: PolicyRequest, policies: PolicySet): Decision {
  const input = matchInputOf(request)
  for (const type of types) {
    const denied = firstMatch(input, policies, type, 'denies')
    if (denied) return { allowed: false, kind: 'explicit-deny', in: policyNames[type], matched: [denied] }
  }
  return decideByAllows(
    request,
    policies,
    (type) => firstMatch(input, policies, type, 'allows'),
    meaningIn(input, policies.trust ?? policies.resource),
  )
}

/** The decision with every statement that applies, for the simulation operations. Throws TooMuchWork. */
export function explain(request: PolicyRequest, policies: PolicySet): Explanation {
  const input = matchInputOf(request)
  const all = (effect: Effect) => types.flatMap((type) => [...matches(input, policies, type, effect)])
  const denies = all('denies')
  const allows = all('allows')
  const firstAllow = (type: PolicyType) => allows.find((matched) => matched.type === type)
  const meaning = meaningIn(input, policies.trust ?? policies.resource)
  const byAllows = decideByAllows(request, policies, firstAllow, meaning)
  const [denied] = denies
  return {
    decision: denied
      ? { allowed: false, kind: 'explicit-deny', in: policyNames[denied.type], matched: denies }
      : { ...byAllows, matched: byAllows.allowed ? allows : [] },
    allowedBy: {
      identity: firstAllow('identity') !== undefined,
      resource: firstAllow('resource') !== undefined,
      boundary: policies.boundary === undefined || firstAllow('boundary') !== undefined,
      session: policies.session === undefined || firstAllow('session') !== undefined,
    },
  }
}

/** The decision when no statement denies: which types of policies have to allow, and whether they do. */
function decideByAllows(
  request: PolicyRequest,
  policies: PolicySet,
  allowIn: (type: PolicyType) => MatchedStatement | undefined,
  meaning: Meaning,
): Decision {
  const resourceType: PolicyType = policies.trust ? 'trust' : 'resource'
  const { principal } = request
  const crossAccount = isCrossAccount(request)
  const hasIdentityPolicies = !withoutIdentity.has(principal.kind)
  // A trust policy has to allow, and so has the policy of a resource in another account.
  const resourceMustAllow = policies.trust !== undefined || crossAccount || !hasIdentityPolicies
  const matched: MatchedStatement[] = []
  const missing = (type: PolicyType): Decision => ({
    allowed: false,
    kind: 'implicit-deny',
    in: policyNames[type],
    matched: [],
  })
  const allowed = (): Decision => ({ allowed: true, matched })

  if (meaning !== 'none') {
    const allow = allowIn(resourceType)
    if (allow) matched.push(allow)
  } else if (resourceMustAllow) return missing(resourceType)
  if (!hasIdentityPolicies || (meaning === 'direct' && !crossAccount)) return allowed()

  if (principal.kind !== 'root' && (meaning !== 'limited' || crossAccount)) {
    const allow = allowIn('identity')
    if (!allow) return missing('identity')
    matched.push(allow)
  }
  for (const type of restrictions) {
    if (policies[type] === undefined) continue
    const allow = allowIn(type)
    if (!allow) return missing(type)
    matched.push(allow)
  }
  return allowed()
}

/** Whether the resource belongs to another account than the principal. */
export function isCrossAccount({
  principal,
  resource,
  resourceAccount,
}: Pick<PolicyRequest, 'principal' | 'resource' | 'resourceAccount'>): boolean {
  if (principal.account === undefined) return false
  const owner = resourceAccount ?? splitArn(resource)?.[4] ?? ''
  // AWS managed policies have the account `aws` in their ARNs and belong to every account.
  return isAccountId(owner) && owner !== principal.account
}

type Effect = 'denies' | 'allows'

function policiesOf(policies: PolicySet, type: PolicyType): readonly CompiledPolicy[] {
  const listed = policies[type]
  if (listed === undefined) return []
  return 'denies' in listed ? [listed] : listed
}

function firstMatch(
  input: MatchInput,
  policies: PolicySet,
  type: PolicyType,
  effect: Effect,
): MatchedStatement | undefined {
  const list = policiesOf(policies, type)
  for (let policy = 0; policy < list.length; policy++) {
    for (const statement of (list[policy] as CompiledPolicy)[effect]) {
      if (applies(statement, input)) return { type, policy, position: statement.position, sid: statement.sid }
    }
  }
  return undefined
}

function* matches(
  input: MatchInput,
  policies: PolicySet,
  type: PolicyType,
  effect: Effect,
): Generator<MatchedStatement> {
  for (const [policy, compiled] of policiesOf(policies, type).entries()) {
    for (const statement of compiled[effect]) {
      if (applies(statement, input)) yield { type, policy, position: statement.position, sid: statement.sid }
    }
  }
}

function applies(statement: CompiledStatement, input: MatchInput): boolean {
  charge(input.context.work, statement.steps)
  if (!statement.matchesAction(input.action)) return false
  if (!statement.matchesResource(input.resource, input.arn, input.resourceContext)) return false
  if (statement.principal && statement.principal(input.principal) === 'none') return false
  for (const holds of statement.conditions) if (!holds(input.context)) return false
  return true
}

/** The strongest match of the principal in Allow statements of the resource's or trust policy (principal.ts). */
function meaningIn(input: MatchInput, policy: CompiledPolicy | undefined): Meaning {
  let meaning: Meaning = 'none'
  for (const statement of policy?.allows ?? []) {
    if (statement.principal && applies(statement, input))
      meaning = stronger(meaning, statement.principal(input.principal))
  }
  return meaning
}

/** Keys that the policies refer to and the context lacks, as the policies spell them. */
export function missingContextKeys(context: RequestContext, policies: PolicySet): ContextKey[] {
  const referred = new Map<string, ContextKey>()
  for (const type of types) {
    for (const { document } of policiesOf(policies, type)) {
      for (const key of document ? contextKeysOf(document) : []) {
        if (!referred.has(key.toLowerCase())) referred.set(key.toLowerCase(), key)
      }
    }
  }
  return [...referred].filter(([lowerCaseKey]) => context.get(lowerCaseKey) === undefined).map(([, key]) => key)
}
