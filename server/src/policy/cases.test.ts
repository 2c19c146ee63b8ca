// Runs the tables of `cases/`, each row through the text of a policy: read, compiled, evaluated. A condition or a part of a
// statement is tried in an Allow, which it must make hold or not, and in a Deny beside an Allow for everything.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compilePolicy, fullAccess } from './compile-policy.ts'
import { type Decision, evaluate, type PolicyRequest, type PolicySet } from './evaluate.ts'
import type { PolicyKind } from './policy-document.ts'
import { parsePolicy } from './policy-grammar.ts'
import type { Principal } from './principal.ts'
import { type ContextValue, createRequestContext } from './request-context.ts'

const table = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`cases/${name}.json`, import.meta.url), 'utf8')) as T

const ada: Principal = { kind: 'user', arn: 'arn:aws:iam::123456789012:user/team/ada', account: '123456789012' }

function ask(policies: PolicySet, request: Partial<PolicyRequest> = {}): Decision {
  return evaluate(
    { action: 's3:Get', resource: '*', principal: ada, context: createRequestContext(), ...request },
    policies,
  )
}

const document = (statement: unknown, version: string | null = '2012-10-17') =>
  JSON.stringify({ ...(version === null ? {} : { Version: version }), Statement: statement })

/** Whether a statement of these elements applies, seen from both effects. */
function appliesAs(
  elements: object,
  request: Partial<PolicyRequest>,
  version?: string | null,
): Record<'Allow' | 'Deny', boolean> {
  const policy = (effect: string) =>
    compilePolicy(document({ Effect: effect, Action: '*', Resource: '*', ...elements }, version), 'identity')
  return {
    Allow: ask({ identity: [policy('Allow')] }, request).allowed,
    Deny: !ask({ identity: [fullAccess, policy('Deny')] }, request).allowed,
  }
}

interface OperatorRow {
  name: string
  operator: string
  policy: unknown
  request?: ContextValue
  expected: boolean
  /** Where an Allow differs: its negated conditions do not hold because values cannot be compared. */
  allow?: boolean
  version?: string
}

describe.each(['string', 'numeric', 'date', 'bool-binary-null', 'ip', 'arn', 'sets-and-missing-keys'])('%s', (name) => {
  it.each(table<OperatorRow[]>(name))('$operator: $name', (row) => {
    const context = createRequestContext(row.request === undefined ? [] : [['aws:Key', row.request]])
    const elements = { Condition: { [row.operator]: { 'aws:kEy': row.policy } } }
    expect(appliesAs(elements, { context }, row.version)).toEqual({
      Allow: row.allow ?? row.expected,
      Deny: row.expected,
    })
  })
})

interface PartRow {
  name: string
  action?: unknown
  notAction?: unknown
  resource?: unknown
  notResource?: unknown
  request: string
  expected: boolean
}

describe('actions', () => {
  it.each(table<PartRow[]>('actions'))('$name', ({ action, notAction, request, expected }) => {
    const elements = { Action: action, ...(notAction === undefined ? {} : { NotAction: notAction }) }
    expect(appliesAs(elements, { action: request })).toEqual({ Allow: expected, Deny: expected })
  })
})

const sameAccount = { resourceAccount: '123456789012' }

describe('resources', () => {
  it.each(table<PartRow[]>('resources'))('$name', ({ resource, notResource, request, expected }) => {
    const elements = { Resource: resource, ...(notResource === undefined ? {} : { NotResource: notResource }) }
    expect(appliesAs(elements, { resource: request, ...sameAccount })).toEqual({ Allow: expected, Deny: expected })
  })
})

interface VariableRow {
  name: string
  resource?: unknown
  notResource?: unknown
  condition?: unknown
  /** The resource of the request. */
  request?: string
  /** What the request has for `aws:k` (or, as a list, for `aws:many`). */
  value?: ContextValue
  version?: string | null
  /** The only effect that the row is about. */
  effect?: 'Allow' | 'Deny'
  expected: boolean
}

describe('variables', () => {
  const { context, rows } = table<{ context: Record<string, ContextValue>; rows: VariableRow[] }>('variables')
  it.each(rows)('$name', (row) => {
    const value: [string, ContextValue | undefined] = [Array.isArray(row.value) ? 'aws:many' : 'aws:k', row.value]
    const elements = {
      ...(row.resource === undefined ? {} : { Resource: row.resource }),
      ...(row.notResource === undefined ? {} : { Resource: undefined, NotResource: row.notResource }),
      ...(row.condition === undefined ? {} : { Condition: row.condition }),
    }
    const request = {
      resource: row.request ?? '*',
      context: createRequestContext(Object.entries(context), [value]),
      ...sameAccount,
    }
    const seen = appliesAs(elements, request, row.version)
    for (const effect of row.effect ? [row.effect] : (['Allow', 'Deny'] as const)) {
      expect(seen[effect], effect).toBe(row.expected)
    }
  })
})

describe('principals', () => {
  interface Row {
    name: string
    principal?: unknown
    notPrincipal?: unknown
    who: string
    allow: string
    deny: string
  }
  const { principals, rows } = table<{ principals: Record<string, Principal>; rows: Row[] }>('principals')
  it.each(rows)('$name', ({ principal, notPrincipal, who, allow, deny }) => {
    const meaning = (effect: string) => {
      const elements = notPrincipal === undefined ? { Principal: principal } : { NotPrincipal: notPrincipal }
      const text = document({ Effect: effect, Action: '*', Resource: '*', ...elements })
      const policy = compilePolicy(text, 'resource')
      expect(policy.document, 'the policy was read').toBeDefined()
      return [...policy.allows, ...policy.denies][0]?.principal?.(principals[who] as Principal)
    }
    expect({ allow: meaning('Allow'), deny: meaning('Deny') }).toEqual({ allow, deny })
  })
})

describe('decisions', () => {
  interface Row {
    name: string
    who: string
    identity?: string[]
    boundary?: string[]
    session?: string[]
    resource?: string
    trust?: string
    allowed: boolean
    kind?: string
    in?: string
  }
  const { principals } = table<{ principals: Record<string, Principal> }>('principals')
  const { policies, rows } = table<{ policies: Record<string, object>; rows: Row[] }>('decisions')
  const compile = (name: string, kind: PolicyKind) => {
    if (name === 'unreadable') return compilePolicy('{"Statement":', kind)
    // A trust policy has no resource.
    const policy = compilePolicy(
      document({ ...policies[name], ...(kind === 'trust' ? { Resource: undefined } : {}) }),
      kind,
    )
    expect(policy.document, `${name} was read`).toBeDefined()
    return policy
  }
  it.each(rows)('$name', (row) => {
    const identities = (names: string[] | undefined) => names?.map((name) => compile(name, 'identity'))
    const decision = ask(
      {
        identity: identities(row.identity) ?? [],
        boundary: identities(row.boundary),
        session: identities(row.session),
        resource: row.resource === undefined ? undefined : compile(row.resource, 'resource'),
        trust: row.trust === undefined ? undefined : compile(row.trust, 'trust'),
      },
      { principal: principals[row.who] as Principal, resource: 'arn:aws:iam::123456789012:role/app/Target' },
    )
    const { matched, ...seen } = decision
    const { allowed, kind, in: where } = row
    expect(seen).toEqual(allowed ? { allowed } : { allowed, kind, in: where })
    expect(matched.length > 0).toBe(kind === 'explicit-deny' || (allowed && row.who !== 'root'))
  })
})

describe('documents', () => {
  interface Row {
    name: string
    kind: PolicyKind
    document?: unknown
    text?: string
    managed?: boolean
    malformed?: string
  }
  it.each(table<Row[]>('documents'))('$name', ({ kind, document, text, managed, malformed }) => {
    const source = text ?? JSON.stringify(document)
    const parsed = parsePolicy(source, kind, { managed })
    expect('malformed' in parsed ? parsed.malformed : undefined).toBe(malformed)
    // What may be stored can be compiled.
    if (malformed === undefined) expect(compilePolicy(source, kind).document).toBeDefined()
  })
})
