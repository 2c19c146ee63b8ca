// Compiles policies for evaluation: every text is parsed once, Deny and Allow statements are separated. Compiled
// policies have no state and are cached by their text, so that a policy which many principals share is compiled once.
// How statements become a decision is evaluate.ts.
import { type ArnPattern, compileArnPattern, isStars } from './arn-pattern.ts'
import { type CompiledCondition, compileCondition } from './condition.ts'
import { anyText, compileGlob, type GlobPiece, startsAt } from './glob.ts'
import {
  isCurrentVersion,
  isKnownVersion,
  type PolicyDocument,
  type PolicyKind,
  type Statement,
} from './policy-document.ts'
import { readPolicy } from './policy-grammar.ts'
import { compileNotPrincipal, compilePrincipal, type PrincipalMatcher } from './principal.ts'
import type { RequestContext } from './request-context.ts'
import { readPieces } from './variables.ts'
import { charge, searchSteps } from './work.ts'

export interface CompiledStatement {
  /** Index in the document, from 0. */
  position: number
  sid: string | undefined
  /** What comparing action and principal costs (work.ts). */
  steps: number
  /** `action` in lower case. */
  matchesAction(action: string): boolean
  /** `arn` are the six parts of `resource`, undefined when it is `*` or not an ARN. */
  matchesResource(resource: string, arn: readonly string[] | undefined, context: RequestContext): boolean
  conditions: readonly CompiledCondition[]
  /** Undefined in identity policies. */
  principal: PrincipalMatcher | undefined
}

export interface CompiledPolicy {
  denies: readonly CompiledStatement[]
  allows: readonly CompiledStatement[]
  /** Undefined when the text could not be read: then there is one Deny for everything. */
  document: PolicyDocument | undefined
}

/** The longest name of an action that a simulation takes. */
const ACTION_LENGTH = 128

/** The bounds of the cache of each kind, entries and characters; the least recently used policy is evicted. */
const KEPT = 2_000
const KEPT_CHARACTERS = 8 * 1024 * 1024

interface CompiledCache {
  policies: Map<string, CompiledPolicy>
  characters: number
}

const emptyCache = (): CompiledCache => ({ policies: new Map(), characters: 0 })
const caches: Record<PolicyKind, CompiledCache> = {
  identity: emptyCache(),
  trust: emptyCache(),
  resource: emptyCache(),
}

/** The compiled form of a stored text. A text that cannot be parsed denies everything, as it may contain a Deny. */
export function compilePolicy(text: string, kind: PolicyKind): CompiledPolicy {
  // The key is the text itself: a digest of it would have to be computed for each request.
  const { policies } = caches[kind]
  let policy = policies.get(text)
  if (policy) policies.delete(text)
  else {
    policy = compileText(text, kind)
    caches[kind].characters += text.length
  }
  policies.set(text, policy)
  while (policies.size > KEPT || (caches[kind].characters > KEPT_CHARACTERS && policies.size > 1)) {
    const oldest = policies.keys().next().value as string
    policies.delete(oldest)
    caches[kind].characters -= oldest.length
  }
  return policy
}

/** Allows everything: the identity policy of the root's sessions. */
export const fullAccess: CompiledPolicy = compileText(
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
  'identity',
)

function compileText(text: string, kind: PolicyKind): CompiledPolicy {
  const parsed = readPolicy(text)
  const document = 'document' in parsed && isComplete(parsed.document, kind) ? parsed.document : undefined
  return document ? compileDocument(document, kind) : unreadable
}

/** Whether each statement has the elements that evaluation needs; policy-checks.ts stores no other policies. */
function isComplete(document: PolicyDocument, kind: PolicyKind): boolean {
  return (
    isKnownVersion(document) &&
    document.statements.every(({ effect, action, notAction, resource, notResource, principal, notPrincipal }) => {
      const hasPrincipal = (principal ?? notPrincipal) !== undefined
      const hasResource = (resource ?? notResource) !== undefined
      return (
        (effect === 'Allow' || effect === 'Deny') &&
        (action ?? notAction) !== undefined &&
        hasPrincipal === (kind !== 'identity') &&
        hasResource === (kind !== 'trust')
      )
    })
  )
}

const unreadable: CompiledPolicy = {
  allows: [],
  denies: [
    {
      position: 0,
      sid: undefined,
      steps: 1,
      matchesAction: () => true,
      matchesResource: () => true,
      conditions: [],
      principal: () => 'limited',
    },
  ],
  document: undefined,
}

function compileDocument(document: PolicyDocument, kind: PolicyKind): CompiledPolicy {
  const variables = isCurrentVersion(document)
  const compiled = document.statements.map((statement, position) => ({
    effect: statement.effect,
    statement: compileStatement(statement, position, variables, kind),
  }))
  const withEffect = (wanted: string) =>
    compiled.flatMap(({ effect, statement }) => (effect === wanted ? [statement] : []))
  return { denies: withEffect('Deny'), allows: withEffect('Allow'), document }
}

function compileStatement(
  statement: Statement,
  position: number,
  variables: boolean,
  kind: PolicyKind,
): CompiledStatement {
  const effect = statement.effect as 'Allow' | 'Deny'
  const { principal, notPrincipal } = statement
  return {
    position,
    sid: statement.sid,
    steps: stepsOf(statement),
    matchesAction: compileActions(statement),
    matchesResource: kind === 'trust' ? () => true : compileResources(statement, effect, variables),
    conditions: (statement.condition ?? []).map((condition) => compileCondition(condition, effect, variables)),
    principal: principal
      ? compilePrincipal(principal, effect)
      : notPrincipal && compileNotPrincipal(notPrincipal, effect),
  }
}

/** Actions without wildcards are looked up, the others are compared one by one, as are principals. */
function stepsOf({ action, notAction, principal, notPrincipal }: Statement): number {
  let steps = 1 + ((principal ?? notPrincipal)?.entries.length ?? 0)
  for (const name of action ?? notAction ?? []) {
    if (/^[^*?]*\*$/.test(name)) steps += 1
    else if (/[*?]/.test(name)) steps += searchSteps(name.length, ACTION_LENGTH)
  }
  return steps
}

function compileActions({ action, notAction }: Statement): CompiledStatement['matchesAction'] {
  const listed = compileActionList(action ?? notAction ?? [])
  return action ? listed : (name) => !listed(name)
}

/** Matches action names in lower case. A star alone matches every action. */
function compileActionList(actions: readonly string[]): (name: string) => boolean {
  if (actions.includes('*')) return () => true
  const exact = new Set<string>()
  const globs: ((name: string) => boolean)[] = []
  for (const action of actions) {
    const pieces = readPieces(action.toLowerCase(), { wildcards: true, variables: false }) as GlobPiece[]
    const [start, end] = pieces
    if (pieces.length === 1 && typeof start === 'string') exact.add(start)
    else if (pieces.length === 2 && typeof start === 'string' && end === anyText) {
      globs.push((name) => startsAt(name, start, 0))
    } else globs.push(compileGlob(pieces))
  }
  if (globs.length === 0) return (name) => exact.has(name)
  return (name) => exact.has(name) || globs.some((matches) => matches(name))
}

function compileResources(
  { resource, notResource }: Statement,
  effect: 'Allow' | 'Deny',
  variables: boolean,
): CompiledStatement['matchesResource'] {
  const patterns: ArnPattern[] = []
  let everything = false
  for (const text of resource ?? notResource ?? []) {
    // Variables are allowed after the fifth colon only; before it `${` is text, which no ARN contains.
    const pieces = readResource(text, variables)
    if (isStars(pieces)) everything = true
    else patterns.push(compileArnPattern(pieces, { padded: true }))
  }
  const listed: CompiledStatement['matchesResource'] = (_, arn, context) => {
    if (everything) return true
    if (arn === undefined) return false
    charge(context.work, patterns.length)
    for (const pattern of patterns) if (pattern.matches(arn, context)) return true
    return false
  }
  if (resource) return listed
  return (text, arn, context) => {
    // With NotResource, a pattern whose variable cannot be resolved matches nothing, which must not allow everything.
    if (effect === 'Allow' && !patterns.every((pattern) => pattern.resolves(context))) return false
    return !listed(text, arn, context)
  }
}

function readResource(text: string, variables: boolean) {
  const [, head = '', tail = ''] = /^((?:[^:]*:){5})(.*)$/s.exec(text) ?? [text, text, '']
  return [
    ...readPieces(head, { wildcards: true, variables: false }),
    ...readPieces(tail, { wildcards: true, variables }),
  ]
}
