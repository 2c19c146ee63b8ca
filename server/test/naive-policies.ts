// A second, naive evaluator of policies that must agree with policy/: it expands texts and uses regular expressions, and
// shares no code with the first.
import type { ContextValue } from '../src/policy/request-context.ts'

/** A statement as it is written, with lists throughout. */
export interface PlainStatement {
  Effect: 'Allow' | 'Deny'
  Action?: string[]
  NotAction?: string[]
  Resource?: string[]
  NotResource?: string[]
  Condition: Record<string, Record<string, string[]>>
}

export interface Plain {
  Version: string
  Statement: PlainStatement[]
}

export type Context = Record<string, ContextValue>

export interface Asked {
  action: string
  resource: string
  context: Context
}

/** Allowed, explicit-deny or implicit-deny, by the book. */
export function naive(list: Plain[], { action, resource, context }: Asked): string {
  const lookup = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]))
  const inContext = (key: string) => {
    const value = lookup.get(key.toLowerCase())
    return Array.isArray(value) && value.length === 0 ? undefined : value
  }
  let verdict = 'implicit-deny'
  for (const { Version, Statement } of list) {
    for (const statement of Statement) {
      if (!applies(statement, Version === '2012-10-17')) continue
      if (statement.Effect === 'Deny') return 'explicit-deny'
      verdict = 'allowed'
    }
  }
  return verdict

  /** A regular expression for a text of a policy; null when a variable in it stands for nothing. */
  function expression(
    text: string,
    { wild = true, variables = true, insensitive = false, colons = true },
  ): RegExp | null {
    let broken = false
    const quote = (part: string) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    const source = text.replace(/\$\{([^}]*)\}|[\s\S]/gu, (part, inside: string | undefined) => {
      if (inside === undefined || !variables) {
        return [...part]
          .map((one) =>
            wild && one === '*'
              ? colons
                ? '[^]*'
                : '[^:]*'
              : wild && one === '?'
                ? colons
                  ? '[^]'
                  : '[^:]'
                : quote(one),
          )
          .join('')
      }
      if (['*', '?', '$'].includes(inside)) return quote(inside)
      const [name = '', fallback] = inside.split(', ')
      const value = inContext(name) ?? fallback?.slice(1, -1)
      if (typeof value !== 'string') broken = true
      return quote(String(value))
    })
    return broken ? null : new RegExp(`^${source}$`, insensitive ? 'iu' : 'u')
  }

  function resourceFits(pattern: string, variables: boolean): boolean | null {
    if (pattern === '*') return true
    const parts = pattern.split(':')
    const tail = parts.length > 5 ? expression(parts.slice(5).join(':'), { variables }) : /^/
    if (tail === null) return null
    const asked = resource.split(':')
    if (asked.length < 6) return false
    const heads = [0, 1, 2, 3, 4].every((index) =>
      expression(parts[index] ?? '*', { variables: false, colons: false })?.test(asked[index] as string),
    )
    return heads && tail.test(asked.slice(5).join(':'))
  }

  function applies(statement: PlainStatement, variables: boolean): boolean {
    const named = (patterns: string[]) =>
      patterns.some((pattern) => expression(pattern, { variables: false, insensitive: true })?.test(action))
    if (statement.Action ? !named(statement.Action) : named(statement.NotAction as string[])) return false
    const fits = (statement.Resource ?? (statement.NotResource as string[])).map((one) => resourceFits(one, variables))
    if (statement.Resource ? !fits.includes(true) : fits.includes(true)) return false
    if (statement.NotResource && statement.Effect === 'Allow' && fits.includes(null)) return false
    return Object.entries(statement.Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) =>
        holds(operator, inContext(key), wanted, variables, statement.Effect),
      ),
    )
  }

  function holds(
    name: string,
    value: ContextValue | undefined,
    wanted: string[],
    variables: boolean,
    effect: string,
  ): boolean {
    if (name === 'Null') return wanted.includes(String(value === undefined))
    const set = name.match(/^For(All|Any)/)?.[1]
    const ifExists = name.endsWith('IfExists')
    const operator = name.replace(/^.*:/, '').replace(/IfExists$/, '')
    const negated = operator.includes('Not')
    if (value === undefined) return ifExists || set === 'All' || (set === undefined && negated)
    const list = typeof value === 'string' ? [value] : value
    if (set === 'All' && list.length === 1 && list[0] === '') return true
    const tests = wanted.map((one) => test(operator.replace('Not', ''), one, variables))
    const one = (text: string) => {
      const results = tests.map((passes) => passes?.(text) ?? null)
      if (results.includes(true)) return !negated
      return negated && !(effect === 'Allow' && results.includes(null))
    }
    return set === 'All' || (set === undefined && negated) ? list.every(one) : list.some(one)
  }

  function test(operator: string, wanted: string, variables: boolean): ((text: string) => boolean | null) | null {
    const number = (text: string) => (text.trim() === '' || text.includes('a') ? Number.NaN : Number(text))
    const comparison = {
      NumericEquals: (one: number, other: number) => one === other,
      NumericLessThan: (one: number, other: number) => one < other,
      NumericGreaterThanEquals: (one: number, other: number) => one >= other,
    }[operator]
    if (comparison) {
      return (text) =>
        Number.isNaN(number(text)) || Number.isNaN(number(wanted)) ? null : comparison(number(text), number(wanted))
    }
    const pattern = expression(wanted, {
      variables,
      wild: operator === 'StringLike' || operator === 'ArnLike',
      insensitive: operator === 'StringEqualsIgnoreCase' || operator === 'Bool',
    })
    if (pattern === null) return null
    if (operator === 'Bool') return (text) => ['true', 'false'].includes(text.toLowerCase()) && pattern.test(text)
    const sixParts = wanted === '*' || pattern.source.split(':').length > 5
    if (operator === 'ArnLike') return (text) => (text.split(':').length > 5 ? sixParts && pattern.test(text) : null)
    return (text) => pattern.test(text)
  }
}
