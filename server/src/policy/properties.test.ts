// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables
// What has to hold for any policies and requests; a second, naive evaluator must agree (test/naive-policies.ts).
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Asked, type Context, naive, type Plain, type PlainStatement } from '../../test/naive-policies.ts'
import { compilePolicy } from './compile-policy.ts'
import { evaluate, type PolicySet } from './evaluate.ts'
import { parsePolicy, readPolicy } from './policy-grammar.ts'
import type { Principal } from './principal.ts'
import { createRequestContext } from './request-context.ts'

const ada: Principal = { kind: 'user', arn: 'arn:aws:iam::123456789012:user/ada', account: '123456789012' }
const compile = (policy: Plain) => compilePolicy(JSON.stringify(policy), 'identity')
const decide = (policies: Plain[], request: Asked, more: Partial<PolicySet> = {}) =>
  evaluate(
    { ...request, principal: ada, context: createRequestContext(Object.entries(request.context)) },
    { identity: policies.map(compile), ...more },
  )

// Few letters, so that patterns and values often match.
const some = <T>(one: fc.Arbitrary<T>, least = 1) => fc.array(one, { minLength: least, maxLength: 3 })
const actions = fc.constantFrom('*', 's:A', 'S:a', 's:*', 's:?', 't:A*', 's:Ab', 't:*b')
const resources = fc.constantFrom(
  ...[
    '*',
    'arn:aws:s:::a',
    'arn:aws:s:::a*',
    'arn:aws:s:::?',
    'arn:aws:s:*:*:*',
    'arn:aws:s:r::a/b',
    'arn:aws:s:::${*}',
  ],
  ...[
    'arn:aws:s:::${aws:v}',
    'arn:aws:s:::${aws:v}*',
    'arn:aws:s:::*${aws:v}',
    'arn:aws:s:::?${aws:v}*',
    'arn:aws:?:*::a*',
  ],
  ...[
    'arn:aws:s:::${aws:gone}',
    "arn:aws:s:::${aws:gone, 'a'}",
    'arn:aws:s',
    'arn:aws:s:::${aws:many}',
    'arn:aws:${aws:v}:::a',
  ],
)
const values = fc.constantFrom(
  ...[
    'a',
    'A',
    'b',
    'ab',
    '*',
    'a*',
    '?',
    '?b',
    '',
    '1',
    '1.0',
    '2',
    'true',
    'false',
    'arn:aws:s:::a',
    'arn:aws:s:::*',
  ],
  ...['${aws:v}', '${aws:v}*', '${aws:gone}', "${aws:gone, 'b'}", '${aws:many}', '${*}', 'arn:aws:s:::${aws:v}'],
)
const operators = fc.constantFrom(
  ...[
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
  ],
  ...[
    'NumericEquals',
    'NumericNotEquals',
    'NumericLessThan',
    'NumericGreaterThanEquals',
    'Bool',
    'ArnLike',
    'ArnNotLike',
  ],
)
const operatorNames = fc.oneof(
  fc.constant('Null'),
  fc
    .tuple(fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:'), operators, fc.constantFrom('', 'IfExists'))
    .map((parts) => parts.join('')),
)
const conditions = fc.dictionary(
  operatorNames,
  fc.dictionary(fc.constantFrom('aws:v', 'AWS:K', 'aws:many', 'aws:gone'), some(values, 0), { minKeys: 1, maxKeys: 2 }),
  {
    maxKeys: 2,
  },
)
const statements: fc.Arbitrary<PlainStatement> = fc
  .record({
    Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
    action: fc.tuple(fc.constantFrom('Action', 'Action', 'NotAction'), some(actions)),
    resource: fc.tuple(fc.constantFrom('Resource', 'Resource', 'NotResource'), some(resources)),
    Condition: conditions,
  })
  .map(({ Effect, action, resource, Condition }) => ({
    Effect,
    [action[0]]: action[1],
    [resource[0]]: resource[1],
    Condition,
  }))
const policies: fc.Arbitrary<Plain> = fc.record({
  Version: fc.constantFrom('2012-10-17', '2012-10-17', '2008-10-17'),
  Statement: some(statements),
})
const texts = fc.constantFrom(
  'a',
  'A',
  'b',
  'ab',
  '*',
  '?',
  '${aws:k}',
  '',
  '1',
  '2',
  'true',
  'arn:aws:s:::a',
  'arn:aws:s:::b',
)
const contexts: fc.Arbitrary<Context> = fc.record(
  { 'aws:v': texts, 'aws:k': texts, 'aws:many': fc.array(texts, { maxLength: 3 }) },
  { requiredKeys: [] },
)
const requests: fc.Arbitrary<Asked> = fc.record({
  action: fc.constantFrom('s:A', 's:Ab', 'T:ab', 't:A'),
  resource: fc.constantFrom(
    ...['*', 'arn:aws:s:::a', 'arn:aws:s:::ab', 'arn:aws:s:::*', 'arn:aws:s:::?', 'arn:aws:s:::b', 'arn:aws:s:r::a/b'],
    ...['arn:aws:s:::', 'arn:aws:s:::${aws:k}', 'arn:aws:t:r:123456789012:a:b', 'arn:aws:s:::xb1'],
  ),
  context: contexts,
})

const denyAll: Plain = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: {} }],
}
const RUNS = { numRuns: 1_000 }

describe('for any policies and requests', () => {
  it('an explicit Deny overrides', () => {
    fc.assert(
      fc.property(fc.array(policies, { maxLength: 3 }), requests, fc.nat(3), (list, request, at) => {
        const with_ = list.toSpliced(at, 0, denyAll)
        expect(decide(with_, request)).toMatchObject({ allowed: false, kind: 'explicit-deny' })
        expect(decide(list, request, { session: [compile(denyAll)] }).allowed).toBe(false)
        expect(decide(list, request, { boundary: [compile(denyAll)] }).allowed).toBe(false)
      }),
      RUNS,
    )
  })

  it('another Deny never allows, another Allow never denies', () => {
    fc.assert(
      fc.property(policies, statements, requests, (policy, statement, request) => {
        const before = decide([policy], request)
        const after = decide([{ ...policy, Statement: [...policy.Statement, statement] }], request)
        if (statement.Effect === 'Deny') expect(before.allowed || !after.allowed).toBe(true)
        else expect(!before.allowed || after.allowed).toBe(true)
        // Nor does an Allow lift a Deny.
        if (!before.allowed && before.kind === 'explicit-deny') expect(after.allowed).toBe(false)
      }),
      RUNS,
    )
  })

  it('order does not matter, nor how statements are spread over policies', () => {
    fc.assert(
      fc.property(fc.array(policies, { minLength: 1, maxLength: 3 }), requests, (list, request) => {
        const { matched: _, ...forwards } = decide(list, request)
        const reversed = list.map((policy) => ({ ...policy, Statement: policy.Statement.toReversed() })).toReversed()
        expect(decide(reversed, request)).toMatchObject(forwards)
        const single = list.flatMap((policy) =>
          policy.Statement.map((statement) => ({ ...policy, Statement: [statement] })),
        )
        expect(decide(single, request)).toMatchObject(forwards)
      }),
      RUNS,
    )
  })

  it('a boundary and session policies only take away; session policies are one set', () => {
    fc.assert(
      fc.property(policies, policies, policies, requests, (identity, one, other, request) => {
        const free = decide([identity], request).allowed
        const session = decide([identity], request, { session: [compile(one), compile(other)] }).allowed
        expect(free || !session).toBe(true)
        expect(free || !decide([identity], request, { boundary: [compile(one)] }).allowed).toBe(true)
        const merged = decide([one, other], request).allowed
        expect(session).toBe(free && merged)
      }),
      RUNS,
    )
  })

  it('a naive evaluator agrees', () => {
    let allowed = 0
    fc.assert(
      fc.property(fc.array(policies, { minLength: 1, maxLength: 3 }), requests, (list, request) => {
        const decision = decide(list, request)
        if (decision.allowed) allowed++
        expect(decision.allowed ? 'allowed' : decision.kind).toBe(naive(list, request))
      }),
      { numRuns: process.env['COGNOMEN_LONG'] ? 200_000 : 6_000 },
    )
    // Some requests are allowed, so the generated policies are not trivial.
    expect(allowed).toBeGreaterThan(400)
  })
})

describe('variables', () => {
  it('never widen a policy: their value is compared literally', () => {
    const value = fc.oneof(fc.constantFrom('*', '?', '${aws:v}', '${*}', 'a*', '**', '${', '$'), fc.string())
    fc.assert(
      fc.property(value, fc.string(), (value, other) => {
        const policy: Plain = {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: ['*'], Resource: ['arn:aws:s:::home/${aws:v}/x'], Condition: {} }],
        }
        const asked = (name: string) =>
          decide([policy], { action: 's:A', resource: `arn:aws:s:::home/${name}/x`, context: { 'aws:v': value } })
        expect(asked(value).allowed).toBe(true)
        expect(asked(other).allowed).toBe(other === value)
      }),
    )
  })
})

describe('the parser', () => {
  it('never throws, and accepted policies compile', () => {
    const words = fc.constantFrom(
      ...[
        'Version',
        '2012-10-17',
        'Statement',
        'Effect',
        'Allow',
        'Action',
        '*',
        'Resource',
        'Condition',
        'Principal',
        'AWS',
      ],
      ...['StringEquals', '__proto__', 'constructor', 'toString', 'Sid', 'Null', 'NotAction', 's3:*', 'arn:aws:s3:::x'],
    )
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 6 },
        words,
        fc.constantFrom(null, true, 5),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(words, tie('json'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }))
    const text = fc.oneof(
      fc.json(),
      json.map((value) => JSON.stringify(value)),
      fc.string(),
    )
    fc.assert(
      fc.property(text, fc.constantFrom('identity' as const, 'trust' as const, 'resource' as const), (text, kind) => {
        const parsed = parsePolicy(text, kind)
        const compiled = compilePolicy(text, kind)
        if ('document' in parsed) expect(compiled.document).toEqual(parsed.document)
        else expect(parsed.malformed).toMatch(/\w/)
      }),
      { numRuns: 5_000 },
    )
  })

  it('reads the elements of a written document', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        expect(readPolicy(JSON.stringify(policy, undefined, 2))).toEqual(readPolicy(JSON.stringify(policy)))
      }),
    )
  })
})
