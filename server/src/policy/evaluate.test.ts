// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables
import { describe, expect, it } from 'vitest'
import { type CompiledPolicy, compilePolicy, fullAccess } from './compile-policy.ts'
import { contextKeysOf } from './context-keys.ts'
import { denialStart, denialText } from './denial-text.ts'
import { type Decision, evaluate, explain, missingContextKeys, type PolicyRequest } from './evaluate.ts'
import { readPolicy } from './policy-grammar.ts'
import type { Principal } from './principal.ts'
import { createRequestContext } from './request-context.ts'
import { TooMuchWork } from './work.ts'

const account = '123456789012'
const session: Principal = {
  kind: 'role-session',
  arn: `arn:aws:sts::${account}:assumed-role/AuthRole/CognitoIdentityCredentials`,
  account,
  roleArn: `arn:aws:iam::${account}:role/AuthRole`,
}
const request: PolicyRequest = {
  action: 'cognito-sync:ListDatasets',
  resource: `arn:aws:cognito-sync:us-east-1:${account}:identitypool/us-east-1:p/identity/us-east-1:i/dataset/null`,
  principal: session,
  context: createRequestContext([
    ['cognito-identity.amazonaws.com:aud', 'us-east-1:p'],
    ['cognito-identity.amazonaws.com:sub', 'us-east-1:i'],
    ['cognito-identity.amazonaws.com:amr', ['authenticated']],
  ]),
}
const policy = (...statements: object[]): CompiledPolicy =>
  compilePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity')
const trust = (...statements: object[]): CompiledPolicy =>
  compilePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'trust')
const allow = (Sid: string, more: object = {}) => ({ Sid, Effect: 'Allow', Action: '*', Resource: '*', ...more })

describe('evaluate', () => {
  it('returns the deciding statements', () => {
    const other = allow('other', { Action: 's3:*' })
    const decision = evaluate(request, {
      identity: [policy(other), policy(other, allow('a'), allow('b'))],
      boundary: [policy(allow('c'))],
      session: [policy(other), policy(allow('d'))],
    })
    expect(decision).toEqual({
      allowed: true,
      matched: [
        { type: 'identity', policy: 1, position: 1, sid: 'a' },
        { type: 'boundary', policy: 0, position: 0, sid: 'c' },
        { type: 'session', policy: 1, position: 0, sid: 'd' },
      ],
    })
    const denied = evaluate(request, { identity: [fullAccess, policy(other, { ...allow('e'), Effect: 'Deny' })] })
    expect(denied).toEqual({
      allowed: false,
      kind: 'explicit-deny',
      in: 'identity-based policy',
      matched: [{ type: 'identity', policy: 1, position: 1, sid: 'e' }],
    })
  })

  it('allows an identity its own data only', () => {
    const own = policy(
      allow('own', {
        Action: 'cognito-sync:*',
        Resource: `arn:aws:cognito-sync:us-east-1:${account}:identitypool/\${cognito-identity.amazonaws.com:aud}/identity/\${cognito-identity.amazonaws.com:sub}/*`,
      }),
    )
    expect(evaluate(request, { identity: [own] }).allowed).toBe(true)
    const others = { ...request, resource: request.resource.replace(':i/', ':j/') }
    expect(evaluate(others, { identity: [own] }).allowed).toBe(false)
  })

  it('lets an identity pool assume the role that trusts it, and no other pool', () => {
    const trusting = trust({
      Effect: 'Allow',
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { 'cognito-identity.amazonaws.com:aud': 'us-east-1:p' },
        'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
      },
    })
    const assume = (aud: string, amr: string[], action = 'sts:AssumeRoleWithWebIdentity') =>
      evaluate(
        {
          action,
          resource: session.roleArn as string,
          principal: { kind: 'federated', arn: 'cognito-identity.amazonaws.com' },
          context: createRequestContext([
            ['cognito-identity.amazonaws.com:aud', aud],
            ['cognito-identity.amazonaws.com:amr', amr],
          ]),
        },
        { identity: [], trust: trusting },
      ).allowed
    expect(assume('us-east-1:p', ['authenticated', 'x'])).toBe(true)
    expect(assume('us-east-1:q', ['authenticated'])).toBe(false)
    expect(assume('us-east-1:p', ['unauthenticated'])).toBe(false)
    expect(assume('us-east-1:p', [])).toBe(false)
    expect(assume('us-east-1:p', ['authenticated'], 'sts:TagSession')).toBe(false)
  })

  it("takes the account of a resource from its ARN, from the request, or as the caller's own", () => {
    const ask = (resource: string, resourceAccount?: string) =>
      evaluate({ ...request, resource, resourceAccount }, { identity: [fullAccess] }).allowed
    expect(ask('arn:aws:iam::210987654321:role/x')).toBe(false)
    expect(ask('arn:aws:iam::aws:policy/ReadOnlyAccess')).toBe(true)
    expect(ask('arn:aws:s3:::bucket')).toBe(true)
    expect(ask('arn:aws:s3:::bucket', '210987654321')).toBe(false)
    expect(ask('*')).toBe(true)
  })

  it('does not compute keys that no policy mentions', () => {
    const asked: string[] = []
    const value = (key: string) => [key, () => void asked.push(key)] as const
    const context = createRequestContext([value('aws:CurrentTime'), value('aws:SourceIp'), value('aws:username')])
    const policies = {
      identity: [policy(allow('a', { Condition: { StringEquals: { 'aws:username': 'x' } } }), allow('b'))],
      session: [policy(allow('c', { Condition: { StringNotEquals: { 'aws:UserName': 'x' } } }))],
    }
    expect(evaluate({ ...request, context }, policies).allowed).toBe(true)
    expect(asked).toEqual(['aws:username'])
  })
})

describe('an evaluation that would take too much work', () => {
  const many = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, i) => text(i))
  const comparing = (patterns: number, values: number, text = (i: number) => `v${i}`) => ({
    policies: {
      identity: [
        policy(allow('a'), {
          ...allow('b'),
          Effect: 'Deny',
          Condition: { StringLike: { 'aws:k': many(patterns, (i) => `*p${i}*x`) } },
        }),
      ],
    },
    asked: { ...request, context: createRequestContext([['aws:k', many(values, text)]]) },
  })

  it('is denied, as it could have been denied by what was not compared', () => {
    const { policies, asked } = comparing(1000, 1000)
    expect(evaluate(asked, policies)).toMatchObject({ allowed: false, kind: 'explicit-deny' })
    expect(() => explain(asked, policies)).toThrow(TooMuchWork)
    const small = comparing(100, 100)
    expect(evaluate(small.asked, small.policies).allowed).toBe(true)
  })

  it('is counted by comparisons and by the length of what is compared, anew for each evaluation', () => {
    const steps = ({ policies, asked }: ReturnType<typeof comparing>) => {
      for (const _ of [1, 2]) evaluate(asked, policies)
      return asked.context.work.steps
    }
    const base = steps(comparing(10, 10))
    expect(base).toBeGreaterThanOrEqual(100)
    expect(steps(comparing(100, 100)) / base).toBeGreaterThan(50)
    expect(steps(comparing(10, 10, () => 'v'.repeat(6400))) / base).toBeGreaterThan(50)
  })

  it('includes patterns whose variables have long values', () => {
    const context = createRequestContext([['aws:k', 'x'.repeat(100_000)]])
    const deny = { ...allow('b', { Resource: `arn:aws:s3:::${'*${aws:k}'.repeat(100)}` }), Effect: 'Deny' }
    const asked = { ...request, resource: 'arn:aws:s3:::b', context }
    expect(evaluate(asked, { identity: [policy(allow('a'), deny)] }).allowed).toBe(false)
  })
})

describe('explain', () => {
  const condition = { Condition: { StringEquals: { 'aws:PrincipalTag/Team': 'x', 'AWS:PrincipalTag/team': 'x' } } }

  it('lists every statement that applies, and the keys that the request lacks', () => {
    const policies = {
      identity: [
        policy(allow('a'), allow('b', condition), allow('c', { Resource: 'arn:aws:s3:::${aws:username}' })),
        policy(allow('d')),
      ],
      boundary: [policy(allow('e', { Action: 'cognito-sync:*' }))],
    }
    expect(explain(request, policies)).toEqual({
      decision: {
        allowed: true,
        matched: [
          { type: 'identity', policy: 0, position: 0, sid: 'a' },
          { type: 'identity', policy: 1, position: 0, sid: 'd' },
          { type: 'boundary', policy: 0, position: 0, sid: 'e' },
        ],
      },
      allowedBy: { identity: true, resource: false, boundary: true, session: true },
    })
    expect(missingContextKeys(request.context, policies)).toEqual(['aws:PrincipalTag/Team', 'aws:username'])
  })

  it('lists every Deny', () => {
    const deny = (sid: string) => ({ ...allow(sid), Effect: 'Deny' })
    const policies = { identity: [policy(deny('a'), allow('b'))], boundary: [policy(deny('c'))], session: [] }
    expect(explain(request, policies)).toEqual({
      decision: {
        allowed: false,
        kind: 'explicit-deny',
        in: 'identity-based policy',
        matched: [
          { type: 'identity', policy: 0, position: 0, sid: 'a' },
          { type: 'boundary', policy: 0, position: 0, sid: 'c' },
        ],
      },
      allowedBy: { identity: true, resource: false, boundary: false, session: false },
    })
  })

  it('names the type of policy without an Allow', () => {
    expect(explain(request, { identity: [fullAccess], boundary: [policy(allow('a', { Action: 's3:*' }))] })).toEqual({
      decision: { allowed: false, kind: 'implicit-deny', in: 'permissions boundary', matched: [] },
      allowedBy: { identity: true, resource: false, boundary: false, session: true },
    })
  })
})

describe('contextKeysOf', () => {
  const keys = (document: object) => {
    const read = readPolicy(JSON.stringify(document))
    return 'document' in read ? contextKeysOf(read.document) : read
  }
  const Statement = [
    allow('a', {
      Resource: ['arn:aws:s3:::${aws:username}/${*}', "arn:aws:s3:::${aws:PrincipalTag/team, 'none'}"],
      Condition: {
        StringLike: { 's3:prefix': ['${AWS:userName}/*', '${aws:userid}'] },
        Null: { 'aws:TokenIssueTime': 'true' },
      },
    }),
    {
      Effect: 'Deny',
      NotAction: 's3:*',
      NotResource: 'arn:aws:s3:::${aws:userid}${}',
      Condition: { Bool: { 'S3:Prefix': [] } },
    },
  ]

  it('finds conditions and variables, each key once in its first spelling', () => {
    const found = ['aws:username', 'aws:PrincipalTag/team', 's3:prefix', 'aws:userid', 'aws:TokenIssueTime']
    expect(keys({ Version: '2012-10-17', Statement })).toEqual(found)
  })

  it('finds no variables in a document of the old version', () => {
    expect(keys({ Version: '2008-10-17', Statement })).toEqual(['s3:prefix', 'aws:TokenIssueTime'])
    expect(keys({ Statement })).toEqual(['s3:prefix', 'aws:TokenIssueTime'])
  })
})

describe('denialText', () => {
  const action = 'cognito-sync:ListDatasets'
  const denied = { caller: session.arn, action, resource: request.resource }
  const start = `User: ${session.arn} is not authorized to perform: ${action} on resource: ${request.resource}`
  const names = [
    ['identity-based policy', 'an identity-based policy'],
    ['resource-based policy', 'a resource-based policy'],
    ['permissions boundary', 'a permissions boundary'],
    ['session policy', 'a session policy'],
    ['role trust policy', 'the role trust policy'],
  ] as const

  it.each(names)('%s', (where, named) => {
    const decision = (kind: 'explicit-deny' | 'implicit-deny'): Decision & { allowed: false } => ({
      allowed: false,
      kind,
      in: where,
      matched: [],
    })
    expect(denialText(denied, decision('implicit-deny'))).toBe(
      `${start} because no ${where} allows the ${action} action`,
    )
    expect(denialText(denied, decision('explicit-deny'))).toBe(`${start} with an explicit deny in ${named}`)
  })

  it('has a first half for older services, and calls unsigned callers anonymous', () => {
    expect(denialStart(denied)).toBe(start)
    expect(denialStart({ caller: undefined, action: 'iam:GetUser', resource: '*' })).toBe(
      'User: anonymous is not authorized to perform: iam:GetUser on resource: *',
    )
  })
})

describe('compilePolicy', () => {
  const text = (number: number) => `{"Statement":{"Effect":"Allow","Action":"s3:${number}","Resource":"*"}}`

  it('compiles a text once, for each kind', () => {
    expect(compilePolicy(text(1), 'identity')).toBe(compilePolicy(text(1), 'identity'))
    expect(compilePolicy(text(1), 'identity')).not.toBe(compilePolicy(text(1), 'resource'))
    // As a resource policy it has no principal: it cannot be read, and denies.
    expect(compilePolicy(text(1), 'resource').denies).toHaveLength(1)
  })

  it('evicts the least recently used policy', () => {
    const [old, used] = [compilePolicy(text(2), 'identity'), compilePolicy(text(3), 'identity')]
    for (let number = 0; number < 3_000; number++) {
      compilePolicy(text(1_000 + number), 'identity')
      compilePolicy(text(3), 'identity')
    }
    expect(compilePolicy(text(3), 'identity')).toBe(used)
    expect(compilePolicy(text(2), 'identity')).not.toBe(old)
  })

  it.each([
    ['no JSON', 'Deny everything!'],
    ['another version', '{"Version":"2020-01-01","Statement":[]}'],
    ['another effect', '{"Statement":{"Effect":"allow","Action":"*","Resource":"*"}}'],
    ['no action', '{"Statement":{"Effect":"Allow","Resource":"*"}}'],
    ['no resource', '{"Statement":{"Effect":"Allow","Action":"*"}}'],
    ['a principal', '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}}'],
    ['an unknown operator', '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"X":{"a":"b"}}}}'],
  ])('denies everything for a text that it cannot read: %s', (_, text) => {
    const decision = evaluate(request, { identity: [fullAccess, compilePolicy(text, 'identity')] })
    expect(decision).toMatchObject({ allowed: false, kind: 'explicit-deny' })
  })
})

describe('createRequestContext', () => {
  it('finds keys in any case, later layers first', () => {
    const context = createRequestContext(
      [
        ['aws:PrincipalTag/Team', 'a'],
        ['aws:userid', 'b'],
      ],
      new Map([['AWS:principaltag/TEAM', 'c']]),
    )
    expect(context.get('aws:principaltag/team')).toBe('c')
    expect(context.get('aws:userid')).toBe('b')
    expect(context.get('aws:username')).toBeUndefined()
  })

  it('accepts names such as __proto__', () => {
    const context = createRequestContext([['__proto__', 'a']])
    expect(context.get('__proto__')).toBe('a')
    expect(context.get('constructor')).toBeUndefined()
    expect(context.get('tostring')).toBeUndefined()
  })

  it('calls a function once, at the first lookup', () => {
    let calls = 0
    const context = createRequestContext([['aws:CurrentTime', () => `${++calls}`]])
    expect(calls).toBe(0)
    expect(context.get('aws:currenttime')).toBe('1')
    expect(context.get('aws:currenttime')).toBe('1')
  })

  it('treats an empty list as absent', () => {
    const context = createRequestContext([
      ['aws:TagKeys', []],
      ['aws:many', () => []],
      ['aws:one', ['']],
    ])
    expect(context.get('aws:tagkeys')).toBeUndefined()
    expect(context.get('aws:many')).toBeUndefined()
    expect(context.get('aws:one')).toEqual([''])
  })
})
