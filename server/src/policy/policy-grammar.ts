// Parses the text of a policy: JSON, names and types of elements. Which elements a document of a kind may have is
// policy-checks.ts.

import { parseOperatorName } from './condition-operators.ts'
import { limits } from './limits.ts'
import {
  identityPolicyViolation,
  resourcePolicyViolation,
  syntaxErrors,
  trustPolicyViolation,
} from './policy-checks.ts'
import {
  type Condition,
  type PolicyDocument,
  type PolicyKind,
  type PrincipalElement,
  type PrincipalEntry,
  principalTypes,
  type Statement,
} from './policy-document.ts'
import { outlineJson } from './policy-json.ts'

const invalidJson = 'This policy contains invalid Json'

export type Parsed = { document: PolicyDocument } | { malformed: string }

export interface ParseOptions {
  /** A managed policy needs the current version; inline, session and trust policies may have the old one. */
  managed?: boolean
}

/** Reads and checks a document that is to be stored; `malformed` is the text of MalformedPolicyDocument. */
export function parsePolicy(text: string, kind: PolicyKind, options: ParseOptions = {}): Parsed {
  const parsed = readPolicy(text)
  if ('malformed' in parsed) return parsed
  const malformed =
    kind === 'identity'
      ? identityPolicyViolation(parsed.document, options.managed === true)
      : kind === 'trust'
        ? trustPolicyViolation(parsed.document)
        : resourcePolicyViolation(parsed.document)
  return malformed === undefined ? parsed : { malformed }
}

/**
 * The size that is compared with quotas: characters without white space
 * (docs/reference/identity-pools-sts-iam-sync.md 16.1).
 */
export const policySize = (text: string): number => text.replace(/\s+/g, '').length

/** Parses a document without the checks of its kind. Never throws. */
export function readPolicy(text: string): Parsed {
  if (text.length > limits.document.max) return { malformed: syntaxErrors }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { malformed: invalidJson }
  }
  const document = outlineJson(text).repeats ? undefined : readDocument(json)
  return document ? { document } : { malformed: syntaxErrors }
}

type Members = ReadonlyMap<string, unknown>

/** The members of an object; undefined if it has others than `names`. */
function membersOf(json: unknown, names?: readonly string[]): Members | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  const members = new Map(Object.entries(json))
  return !names || [...members.keys()].every((name) => names.includes(name)) ? members : undefined
}

/** An element of a wrong type. Undefined is an absent element. */
const wrong = Symbol('wrong')
type Read<T> = T | undefined | typeof wrong

function readDocument(json: unknown): PolicyDocument | undefined {
  const members = membersOf(json, ['Version', 'Id', 'Statement'])
  if (!members) return undefined
  const version = readText(members.get('Version'))
  const id = readText(members.get('Id'))
  const listed = members.get('Statement')
  const statements = (Array.isArray(listed) ? listed : listed === undefined ? [] : [listed]).map(readStatement)
  if (version === wrong || id === wrong || !statements.every((statement) => statement !== undefined)) return undefined
  return { version, id, statements }
}

const statementNames = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]

function readStatement(json: unknown): Statement | undefined {
  const members = membersOf(json, statementNames)
  if (!members) return undefined
  const statement = {
    sid: readText(members.get('Sid')),
    effect: readText(members.get('Effect')),
    principal: readPrincipal(members.get('Principal')),
    notPrincipal: readPrincipal(members.get('NotPrincipal')),
    action: readTexts(members.get('Action')),
    notAction: readTexts(members.get('NotAction')),
    resource: readTexts(members.get('Resource')),
    notResource: readTexts(members.get('NotResource')),
    condition: readCondition(members.get('Condition')),
  }
  if (Object.values(statement).includes(wrong)) return undefined
  const pairs = [
    [statement.principal, statement.notPrincipal],
    [statement.action, statement.notAction],
    [statement.resource, statement.notResource],
  ]
  return pairs.some(([one, other]) => one && other) ? undefined : (statement as Statement)
}

const readText = (json: unknown): Read<string> => (json === undefined || typeof json === 'string' ? json : wrong)

function readTexts(json: unknown): Read<string[]> {
  if (json === undefined) return undefined
  const texts = Array.isArray(json) ? json : [json]
  return texts.every((text) => typeof text === 'string') ? texts : wrong
}

/** `"*"`, or `{"AWS": …, "Service": …, "Federated": …, "CanonicalUser": …}`. */
function readPrincipal(json: unknown): Read<PrincipalElement> {
  if (json === undefined) return undefined
  if (json === '*') return { bare: true, entries: [{ type: 'AWS', value: '*' }] }
  const members = membersOf(json, principalTypes)
  if (!members) return wrong
  const entries: PrincipalEntry[] = []
  for (const type of principalTypes) {
    const values = readTexts(members.get(type))
    if (values === wrong) return wrong
    for (const value of values ?? []) entries.push({ type, value })
  }
  return { bare: false, entries }
}

/** An unknown operator is accepted when it has no keys, as by the service. */
function readCondition(json: unknown): Read<Condition[]> {
  if (json === undefined) return undefined
  const blocks = membersOf(json)
  if (!blocks) return wrong
  const conditions: Condition[] = []
  for (const [operator, block] of blocks) {
    const keys = membersOf(block)
    if (!keys || (keys.size > 0 && !parseOperatorName(operator))) return wrong
    for (const [key, json] of keys) {
      const values = readConditionValues(json)
      if (values === wrong) return wrong
      conditions.push({ operator, key, values })
    }
  }
  return conditions
}

/** Texts, or numbers and booleans, which are converted to text. */
function readConditionValues(json: unknown): string[] | typeof wrong {
  const values = Array.isArray(json) ? json : [json]
  return values.every((value) => ['string', 'number', 'boolean'].includes(typeof value)) ? values.map(String) : wrong
}
