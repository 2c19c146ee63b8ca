// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables
// Compares the policy evaluator with another one, @cloud-copilot/iam-simulate, on random policies and requests. That
// package is AGPL-3.0: it is installed by hand, used by developers only, and is no part of what is built or shipped.
// README.md says how to run this and what the known disagreements are.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const here = fileURLToPath(new URL('.', import.meta.url))
const { values: options } = parseArgs({
  options: {
    from: { type: 'string', default: here },
    build: { type: 'string', default: resolve(here, '../../server/dist') },
    rounds: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    show: { type: 'string', default: '5' },
  },
})

const oracle = await loadOracle(options.from)
const evaluator = await loadEvaluator(options.build)
const random = generator(Number(options.seed))
const account = '123456789012'

async function loadOracle(folder) {
  try {
    const require = createRequire(join(resolve(folder), 'package.json'))
    return await import(pathToFileURL(require.resolve('@cloud-copilot/iam-simulate')))
  } catch (error) {
    process.stderr.write(
      `@cloud-copilot/iam-simulate is not installed in ${folder} (see README.md): ${error.message}\n`,
    )
    process.exit(2)
  }
}

async function loadEvaluator(build) {
  const folder = join(resolve(build), 'policy')
  if (!existsSync(folder)) {
    process.stderr.write(`Nothing is built in ${build}: npm run build\n`)
    process.exit(2)
  }
  const load = (name) => import(pathToFileURL(join(folder, `${name}.js`)))
  return { ...(await load('compile-policy')), ...(await load('evaluate')), ...(await load('request-context')) }
}

/** Random numbers that a seed repeats (mulberry32). */
function generator(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const chance = (part) => random() < part
const pick = (list) => list[Math.floor(random() * list.length)]
const some = (list, most = 3) => Array.from({ length: 1 + Math.floor(random() * most) }, () => pick(list))

const actions = [
  '*',
  'iam:*',
  'iam:GetRole',
  'IAM:getrole',
  'iam:Get*',
  'iam:?etRole',
  'iam:List*',
  'sts:*',
  'iam:*Role',
]
const role = `arn:aws:iam::${account}:role`
const resources = [
  ...['*', `${role}/a`, `${role}/*`, `${role}/a*`, `${role}/?`, `arn:aws:iam::*:role/ab`, `arn:aws:iam::${account}:*`],
  ...['arn:aws:iam::210987654321:role/*', `${role}/\${aws:username}`, `${role}/\${aws:PrincipalTag/team}*`],
  ...[
    `${role}/\${aws:PrincipalTag/none}`,
    `${role}/\${aws:PrincipalTag/none, 'a'}`,
    `${role}/\${*}`,
    `${role}/team/*/a`,
    `arn:aws:iam::${account}:*/a`,
    `arn:aws:iam::${account}:r?le/*`,
  ],
]
const values = {
  string: [
    'a',
    'A',
    'ab',
    'b',
    '*',
    'a*',
    '?',
    '?b',
    '${aws:username}',
    '${aws:PrincipalTag/none}',
    "${aws:gone, 'b'}",
  ],
  numeric: ['1', '2', '1.0', '-1', '10', 'x'],
  date: ['2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z', '1600000000', '2019-06-01T12:00:00+02:00'],
  bool: ['true', 'false'],
  ip: ['10.0.0.0/8', '192.0.2.1', '192.0.2.0/24', '2001:db8::/32', '0.0.0.0/0'],
  arn: [`${role}/a`, `${role}/*`, 'arn:aws:iam::*:role/a', `${role}/?b`, 'arn:aws:sns:*:*:*'],
}
const requested = {
  string: ['a', 'A', 'ab', 'b', '*', '?'],
  numeric: ['1', '2', '1.0', '-1', '3.5', '10'],
  date: ['2020-01-01T00:00:00Z', '2020-06-01T00:00:00Z', '2022-01-01T00:00:00Z', '1600000000'],
  bool: ['true', 'false'],
  ip: ['10.1.2.3', '192.0.2.1', '192.0.2.9', '2001:db8::1', '203.0.113.1'],
  arn: [`${role}/a`, `${role}/ab`, 'arn:aws:sns:us-east-1:123456789012:a:b'],
}
const families = {
  string: ['Equals', 'NotEquals', 'EqualsIgnoreCase', 'NotEqualsIgnoreCase', 'Like', 'NotLike'].map(
    (name) => `String${name}`,
  ),
  numeric: ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
    (name) => `Numeric${name}`,
  ),
  date: ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
    (name) => `Date${name}`,
  ),
  bool: ['Bool'],
  ip: ['IpAddress', 'NotIpAddress'],
  arn: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
}
const names = Object.keys(families)

function randomCondition() {
  const condition = {}
  for (let count = Math.floor(random() * 3); count > 0; count--) {
    const family = pick(names)
    if (chance(0.1)) condition.Null = { [`aws:${pick(['one', 'many'])}/${family}`]: [pick(['true', 'false'])] }
    const many = chance(0.4)
    const qualifier = many ? pick(['ForAllValues:', 'ForAnyValue:']) : ''
    const operator = `${qualifier}${pick(families[family])}${chance(0.2) ? 'IfExists' : ''}`
    condition[operator] = { [`aws:${many ? 'many' : 'one'}/${family}`]: some(values[family]) }
  }
  return condition
}

const randomStatement = () => ({
  Effect: chance(0.75) ? 'Allow' : 'Deny',
  [chance(0.85) ? 'Action' : 'NotAction']: some(actions),
  [chance(0.85) ? 'Resource' : 'NotResource']: some(resources),
  Condition: randomCondition(),
})
const randomPolicy = () => ({
  Version: chance(0.9) ? '2012-10-17' : '2008-10-17',
  Statement: Array.from({ length: 1 + Math.floor(random() * 3) }, randomStatement),
})

function randomContext() {
  const context = { 'aws:username': 'a' }
  if (chance(0.7)) context['aws:PrincipalTag/team'] = pick(['a', 'b', '*', '?'])
  for (const family of names) {
    if (chance(0.7)) context[`aws:one/${family}`] = pick(requested[family])
    if (chance(0.7)) context[`aws:many/${family}`] = some(requested[family])
  }
  return context
}

const randomCase = () => ({
  action: pick(['iam:GetRole', 'iam:ListRoles', 'sts:AssumeRole']),
  resource: pick([
    `${role}/a`,
    `${role}/ab`,
    `${role}/b`,
    `${role}/x`,
    `${role}/team/x/a`,
    'arn:aws:iam::210987654321:role/a',
  ]),
  context: randomContext(),
  identity: Array.from({ length: 1 + Math.floor(random() * 2) }, randomPolicy),
  boundary: chance(0.3) ? randomPolicy() : undefined,
})

const principal = { kind: 'user', arn: `arn:aws:iam::${account}:user/a`, account }

function ours({ action, resource, context, identity, boundary }) {
  const compile = (policy) => evaluator.compilePolicy(JSON.stringify(policy), 'identity')
  const request = { action, resource, principal, context: evaluator.createRequestContext(Object.entries(context)) }
  const decision = evaluator.evaluate(
    { ...request, resourceAccount: account },
    { identity: identity.map(compile), boundary: boundary && [compile(boundary)] },
  )
  return decision.allowed ? 'Allowed' : decision.kind === 'explicit-deny' ? 'ExplicitlyDenied' : 'ImplicitlyDenied'
}

function theirs({ action, resource, context, identity, boundary }) {
  const named = (policy, index) => ({ name: `p${index}`, policy })
  return oracle.runUnsafeSimulation(
    {
      request: {
        principal: principal.arn,
        action,
        resource: { resource, accountId: account },
        contextVariables: context,
      },
      identityPolicies: identity.map(named),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      permissionBoundaryPolicies: boundary && [named(boundary, 0)],
    },
    {},
  )
}

const policiesOf = ({ identity, boundary }) => [...identity, ...(boundary ? [boundary] : [])]
const statementsOf = (tried) => policiesOf(tried).flatMap(({ Statement }) => Statement)
const pathOf = (arn) => arn.split(':').slice(5).join(':')
/** Whether a line of a Condition is one of these: operator, key, values. */
const hasCondition = (tried, is) =>
  statementsOf(tried).some(({ Condition }) =>
    Object.entries(Condition).some(([operator, keys]) =>
      Object.entries(keys).some(([key, list]) => is(operator, key, list)),
    ),
  )

/**
 * Where the two are known to differ, and why. A disagreement about a case that has one of these in it is counted apart;
 * most cases have none.
 */
const known = [
  {
    name: 'the other evaluator expands variables in documents of the old version',
    is: (tried) =>
      policiesOf(tried).some(
        ({ Version, Statement }) => Version === '2008-10-17' && JSON.stringify(Statement).includes('${'),
      ),
  },
  {
    name: 'the other evaluator does not match a wildcard in the first part of a path',
    is: (tried) =>
      statementsOf(tried).some(({ Resource, NotResource }) =>
        (Resource ?? NotResource).some((arn) => /^[^/]*[*?]/.test(pathOf(arn)) && pathOf(arn) !== '*'),
      ),
  },
  {
    name: 'ForAnyValue with IfExists, absent key: the user guide says that IfExists is true then, the other evaluator is not',
    is: (tried) =>
      hasCondition(tried, (operator, key) => /^ForAnyValue:.*IfExists$/.test(operator) && !(key in tried.context)),
  },
  {
    name: 'the range 0.0.0.0/0 holds no address for the other evaluator',
    is: (tried) => hasCondition(tried, (_, __, list) => list.includes('0.0.0.0/0')),
  },
  {
    name: 'a negated operator and a variable that stands for nothing: ours then holds for Deny and not for Allow',
    is: (tried) =>
      hasCondition(
        tried,
        (operator, _, list) => operator.includes('Not') && JSON.stringify(list).includes('${aws:PrincipalTag/none}'),
      ),
  },
  {
    name: 'the other evaluator does not take digits for seconds since 1970',
    is: (tried) => JSON.stringify(tried).includes('1600000000'),
  },
  {
    name: 'a value that is no number: a negated operator of ours then holds for Deny, in the other one never',
    is: (tried) => hasCondition(tried, (operator, _, list) => operator.includes('NumericNot') && list.includes('x')),
  },
  {
    name: 'NotIpAddress and an address of the other family: for ours it is not in the range',
    is: (tried) => hasCondition(tried, (operator) => operator.includes('NotIpAddress')),
  },
  {
    name: 'NotResource and a variable that stands for nothing: ours then applies for Deny and not for Allow',
    is: (tried) =>
      statementsOf(tried).some(({ NotResource }) => JSON.stringify(NotResource ?? '').includes('${aws:PrincipalTag/')),
  },
]

const counts = { agreed: 0, disagreed: 0, failed: 0 }
const excused = new Map(known.map(({ name }) => [name, 0]))
for (let round = 0; round < Number(options.rounds); round++) {
  const tried = randomCase()
  const own = ours(tried)
  let other
  try {
    other = theirs(tried)
  } catch (error) {
    counts.failed++
    if (counts.failed <= Number(options.show)) process.stdout.write(`the other evaluator threw: ${error.message}\n`)
    continue
  }
  if (own === other) {
    counts.agreed++
    continue
  }
  const reason = known.find(({ is }) => is(tried))
  if (reason) excused.set(reason.name, excused.get(reason.name) + 1)
  else {
    counts.disagreed++
    if (counts.disagreed <= Number(options.show)) report(smallest(tried), round)
  }
}

/** Leaves out policies, statements and conditions as long as the two still disagree. */
function smallest(tried) {
  const differs = (smaller) => {
    try {
      return smaller.identity.length > 0 && ours(smaller) !== theirs(smaller) && !known.some(({ is }) => is(smaller))
    } catch {
      return false
    }
  }
  for (const smaller of smallerThan(tried)) if (differs(smaller)) return smallest(smaller)
  return tried
}

function* smallerThan(tried) {
  if (tried.boundary) yield { ...tried, boundary: undefined }
  for (const [index, policy] of tried.identity.entries()) {
    const replace = (...policies) => ({ ...tried, identity: tried.identity.toSpliced(index, 1, ...policies) })
    yield replace()
    for (const [at, statement] of policy.Statement.entries()) {
      const with_ = (...statements) =>
        replace({ ...policy, Statement: policy.Statement.toSpliced(at, 1, ...statements) })
      if (policy.Statement.length > 1) yield with_()
      for (const element of ['Action', 'NotAction', 'Resource', 'NotResource']) {
        for (const one of statement[element]?.length > 1 ? statement[element] : [])
          yield with_({ ...statement, [element]: [one] })
      }
      for (const operator of Object.keys(statement.Condition)) {
        const { [operator]: keys, ...others } = statement.Condition
        yield with_({ ...statement, Condition: others })
        for (const [key, list] of Object.entries(keys)) {
          for (const one of list.length > 1 ? list : []) {
            yield with_({ ...statement, Condition: { ...others, [operator]: { ...keys, [key]: [one] } } })
          }
        }
      }
    }
  }
  for (const key of Object.keys(tried.context)) {
    const { [key]: _, ...context } = tried.context
    yield { ...tried, context }
  }
}

function report(tried, round) {
  process.stdout.write(
    `round ${round}: ours ${ours(tried)}, theirs ${theirs(tried)}\n${JSON.stringify(tried, undefined, 1)}\n`,
  )
}

process.stdout.write(
  `conditions and patterns, seed ${options.seed}: ${counts.agreed} agreed, ${counts.disagreed} disagreed, ${counts.failed} threw\n`,
)
for (const [name, count] of excused) process.stdout.write(`${String(count).padStart(8)} known: ${name}\n`)

// The second half: which types of policy have to allow. Simple statements, all kinds of callers and policies, through the
// other evaluator's checked entry, which knows only actions that exist.

const callers = [
  { kind: 'user', arn: `arn:aws:iam::${account}:user/a`, account },
  { kind: 'role-session', arn: `arn:aws:sts::${account}:assumed-role/r/s`, account, roleArn: `${role}/r` },
  { kind: 'user', arn: 'arn:aws:iam::210987654321:user/b', account: '210987654321' },
]
const targets = [
  { action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/key', kind: 'resource' },
  { action: 'sts:AssumeRole', resource: `${role}/target`, kind: 'trust' },
]
const granted = [account, `arn:aws:iam::${account}:root`, ...callers.map(({ arn }) => arn), `${role}/r`, '210987654321']

function randomLayers() {
  const target = pick(targets)
  const caller = pick(callers)
  const statement = () => ({
    Effect: chance(0.85) ? 'Allow' : 'Deny',
    Action: pick([target.action, '*', 'iam:GetRole']),
    Resource: '*',
  })
  const policy = () => ({
    Version: '2012-10-17',
    Statement: Array.from({ length: 1 + Math.floor(random() * 2) }, statement),
  })
  const gate = () => {
    const element = {
      Effect: chance(0.85) ? 'Allow' : 'Deny',
      Principal: { AWS: some(granted, 2) },
      Action: target.action,
    }
    return {
      Version: '2012-10-17',
      Statement: [target.kind === 'trust' ? element : { ...element, Resource: target.resource }],
    }
  }
  return {
    target,
    caller,
    identity: chance(0.8) ? [policy()] : [],
    boundary: chance(0.3) ? policy() : undefined,
    session: caller.kind === 'role-session' && chance(0.5) ? policy() : undefined,
    gate: target.kind === 'trust' || chance(0.6) ? gate() : undefined,
  }
}

function ourDecision({ target, caller, identity, boundary, session, gate }) {
  const compile = (policy, kind) => evaluator.compilePolicy(JSON.stringify(policy), kind)
  const policies = {
    identity: identity.map((policy) => compile(policy, 'identity')),
    boundary: boundary && [compile(boundary, 'identity')],
    session: session && [compile(session, 'identity')],
    [target.kind]: gate && compile(gate, target.kind),
  }
  const context = evaluator.createRequestContext()
  const decision = evaluator.evaluate({ ...target, principal: caller, context, resourceAccount: account }, policies)
  return decision.allowed ? 'Allowed' : decision.kind === 'explicit-deny' ? 'ExplicitlyDenied' : 'ImplicitlyDenied'
}

async function theirDecision({ target, caller, identity, boundary, session, gate }) {
  const named = (policy, index) => ({ name: `p${index}`, policy })
  const { action, resource } = target
  const result = await oracle.runSimulation(
    {
      request: { principal: caller.arn, action, resource: { resource, accountId: account }, contextVariables: {} },
      identityPolicies: identity.map(named),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      permissionBoundaryPolicies: boundary && [named(boundary, 0)],
      sessionPolicy: session,
      resourcePolicy: gate,
    },
    {},
  )
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors))
  return result.overallResult
}

/** The user guide: an allow for the ARN of a session is not limited by a session policy. The other evaluator limits it. */
const namesSession = ({ caller, session, gate }) =>
  session !== undefined && gate?.Statement.some(({ Principal }) => Principal.AWS.includes(caller.arn))

const layers = { agreed: 0, disagreed: 0, failed: 0, known: 0 }
for (let round = 0; round < Number(options.rounds) / 5; round++) {
  const tried = randomLayers()
  const own = ourDecision(tried)
  const other = await theirDecision(tried).catch((error) => {
    layers.failed++
    if (layers.failed <= Number(options.show)) process.stdout.write(`the other evaluator: ${error.message}\n`)
  })
  if (other === undefined) continue
  if (own === other) layers.agreed++
  else if (namesSession(tried)) layers.known++
  else {
    layers.disagreed++
    if (layers.disagreed <= Number(options.show)) {
      process.stdout.write(`round ${round}: ours ${own}, theirs ${other}\n${JSON.stringify(tried)}\n`)
    }
  }
}
process.stdout.write(
  `types of policies: ${layers.agreed} agreed, ${layers.disagreed} disagreed, ${layers.failed} threw\n${String(layers.known).padStart(8)} known: an allow for the ARN of a session that has session policies\n`,
)
process.exitCode = counts.disagreed + layers.disagreed + layers.failed > 0 ? 1 : 0
