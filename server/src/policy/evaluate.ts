// Allowed or denied, and why: the order of decision of docs/reference/identity-pools-sts-iam-sync.md 16.2. Pure: who
// asks, what for, and which policies apply come as values.
import { splitArn } from './arn-pattern.ts'
import type { CompiledPolicy, CompiledStatement } from './compile-policy.ts'
import { type ContextKey, contextKeysOf } from './context-keys.ts'
import { isAccountId, type Meaning, type Principal, type PrincipalKind, stronger } from './principal.ts'
import type { RequestContext } from './request-context.ts'

export interface PolicyRequest {
  /** `cognito-idp:CreateGroup`, in any case. */
  action: string
  /** An ARN, or `*` for actions that have none. */
  resource: string
  principal: Principal
  context: RequestContext
  /** Whose the resource is, where the ARN does not say. */
  resourceAccount?: string
}

export interface PolicySet {
  /** Inline, attached and, for users, those of groups. */
  identity: readonly CompiledPolicy[]
  /** The permissions boundary, when there is one. */
  boundary?: readonly CompiledPolicy[]
  /** All of one session, when it carries any: an allow in one of them is enough. An empty list allows nothing. */
  session?: readonly CompiledPolicy[]
  /** Of the resource. */
  resource?: CompiledPolicy
  /** Of the role that is to be assumed. */
  trust?: CompiledPolicy
}

export type PolicyType = keyof PolicySet

/** What denial texts call the types. */
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
  /** Place of the policy in its list, from 0. */
  policy: number
  /** Place of the statement in its policy, from 0. */
  position: number
  sid: string | undefined
}

export type Decision =
  | { allowed: true; matched: readonly MatchedStatement[] }
  | {
      allowed: false
      kind: 'explicit-deny' | 'implicit-deny'
      /** Where the Deny stands, or which type of policy should have allowed. */
      in: PolicyName
      matched: readonly MatchedStatement[]
    }

export interface Explanation {
  decision: Decision
  /** Which types allow, each by itself; without policies of the type, `identity` is false, boundary and session true. */
  allowedBy: Record<'identity' | 'boundary' | 'session', boolean>
  /** Keys that the policies refer to and the request lacks, as the policies spell them. */
  missingContextKeys: readonly string[]
}

/** Types in the order in which a Deny is reported. */
const types: readonly PolicyType[] = ['resource', 'trust', 'identity', 'boundary', 'session']
const restrictions = ['boundary', 'session'] as const

/** Who has no policies of their own: for them the resource's policy decides alone. */
const withoutIdentity: ReadonlySet<PrincipalKind> = new Set(['federated', 'service', 'anonymous'])

interface Asked {
  action: string
  resource: string
  arn: readonly string[] | undefined
  context: RequestContext
  principal: Principal
}

const ask = ({ action, resource, context, principal }: PolicyRequest): Asked => ({
  action: action.toLowerCase(),
  resource,
  arn: splitArn(resource),
  context,
  principal,
})

/** The decision. `matched` is the statement that decided: one Deny, or one Allow of each type that was needed. */
export function evaluate(request: PolicyRequest, policies: PolicySet): Decision {
  const asked = ask(request)
  for (const type of types) {
    const denied = firstMatch(asked, policies, type, 'denies')
    if (denied) return { allowed: false, kind: 'explicit-deny', in: policyNames[type], matched: [denied] }
  }
  return weigh(
    request,
    policies,
    (type) => firstMatch(asked, policies, type, 'allows'),
    meaningIn(asked, policies.trust ?? policies.resource),
  )
}

/** The decision with every statement that applies, for the simulation operations. */
export function explain(request: PolicyRequest, policies: PolicySet): Explanation {
  const asked = ask(request)
  const all = (effect: Effect) => types.flatMap((type) => [...matches(asked, policies, type, effect)])
  const denies = all('denies')
  const allows = all('allows')
  const firstAllow = (type: PolicyType) => allows.find((matched) => matched.type === type)
  const meaning = meaningIn(asked, policies.trust ?? policies.resource)
  const weighed = weigh(request, policies, firstAllow, meaning)
  const [denied] = denies
  return {
    decision: denied
      ? { allowed: false, kind: 'explicit-deny', in: policyNames[denied.type], matched: denies }
      : { ...weighed, matched: weighed.allowed ? allows : [] },
    allowedBy: {
      identity: firstAllow('identity') !== undefined,
      boundary: policies.boundary === undefined || firstAllow('boundary') !== undefined,
      session: policies.session === undefined || firstAllow('session') !== undefined,
    },
    missingContextKeys: missingKeys(request.context, policies),
  }
}

/** What the allows come to when nothing denies. */
function weigh(
  request: PolicyRequest,
  policies: PolicySet,
  allowIn: (type: PolicyType) => MatchedStatement | undefined,
  meaning: Meaning,
): Decision {
  const gate: PolicyType = policies.trust ? 'trust' : 'resource'
  const { principal } = request
  const crossAccount = isCrossAccount(request)
  const own = !withoutIdentity.has(principal.kind)
  // The resource's side has to say yes: nobody assumes a role that does not trust them, nor reaches into another account.
  const gateDecides = policies.trust !== undefined || crossAccount || !own
  const matched: MatchedStatement[] = []
  const missing = (type: PolicyType): Decision => ({
    allowed: false,
    kind: 'implicit-deny',
    in: policyNames[type],
    matched: [],
  })
  const allowed = (): Decision => ({ allowed: true, matched })

  if (meaning !== 'none') {
    const allow = allowIn(gate)
    if (allow) matched.push(allow)
  } else if (gateDecides) return missing(gate)
  if (!own || (meaning === 'direct' && !crossAccount)) return allowed()

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

function isCrossAccount({ principal, resource, resourceAccount }: PolicyRequest): boolean {
  if (principal.account === undefined) return false
  const owner = resourceAccount ?? splitArn(resource)?.[4] ?? ''
  // Policies that the service manages have an account of their own, `aws`, and are everybody's.
  return isAccountId(owner) && owner !== principal.account
}

type Effect = 'denies' | 'allows'

function policiesOf(policies: PolicySet, type: PolicyType): readonly CompiledPolicy[] {
  const listed = policies[type]
  if (listed === undefined) return []
  return 'denies' in listed ? [listed] : listed
}

function firstMatch(asked: Asked, policies: PolicySet, type: PolicyType, effect: Effect): MatchedStatement | undefined {
  const list = policiesOf(policies, type)
  for (let policy = 0; policy < list.length; policy++) {
    for (const statement of (list[policy] as CompiledPolicy)[effect]) {
      if (applies(statement, asked)) return { type, policy, position: statement.position, sid: statement.sid }
    }
  }
  return undefined
}

function* matches(asked: Asked, policies: PolicySet, type: PolicyType, effect: Effect): Generator<MatchedStatement> {
  for (const [policy, compiled] of policiesOf(policies, type).entries()) {
    for (const statement of compiled[effect]) {
      if (applies(statement, asked)) yield { type, policy, position: statement.position, sid: statement.sid }
    }
  }
}

function applies(statement: CompiledStatement, asked: Asked): boolean {
  if (!statement.matchesAction(asked.action)) return false
  if (!statement.matchesResource(asked.resource, asked.arn, asked.context)) return false
  if (statement.principal && statement.principal(asked.principal) === 'none') return false
  for (const holds of statement.conditions) if (!holds(asked.context)) return false
  return true
}

/** The strongest way in which an Allow of the resource's side means the principal. */
function meaningIn(asked: Asked, policy: CompiledPolicy | undefined): Meaning {
  let meaning: Meaning = 'none'
  for (const statement of policy?.allows ?? []) {
    if (statement.principal && applies(statement, asked))
      meaning = stronger(meaning, statement.principal(asked.principal))
  }
  return meaning
}

function missingKeys(context: RequestContext, policies: PolicySet): string[] {
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
