// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables
// What a policy decision costs: `node bench/policy.mjs` after `npm run build`. The policies have conditions and variables,
// and only the last statement allows, so that all of them are looked at. Each figure is the median of samples of 200
// decisions; a request's context is made anew for each, as the server does.
import { performance } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'

const build = process.argv[2] ? `${pathToFileURL(process.argv[2])}/` : new URL('../server/dist/', import.meta.url)
const load = (name) =>
  import(new URL(`policy/${name}.js`, build)).catch((error) => {
    process.stderr.write(`Nothing is built yet (npm run build), or not in ${build}: ${error.message}\n`)
    process.exit(1)
  })
const { compilePolicy } = await load('compile-policy')
const { evaluate } = await load('evaluate')
const { createRequestContext } = await load('request-context')

const SAMPLES = 1_000
const DECISIONS = 200
const account = '123456789012'
const identity = 'us-east-1:8a2c7d5e-0000-4c3b-9d57-1f2e3a4b5c6d'
const pool = 'us-east-1:1b6f0c1a-1111-4b0f-8a4c-2d3e4f5a6b7c'
const resourceOf = (dataset) =>
  `arn:aws:cognito-sync:us-east-1:${account}:identitypool/${pool}/identity/${identity}/dataset/${dataset}`
const variables = '${cognito-identity.amazonaws.com:aud}/identity/${cognito-identity.amazonaws.com:sub}'
const own = `arn:aws:cognito-sync:us-east-1:${account}:identitypool/${variables}/*`

const condition = {
  StringEquals: { 'cognito-identity.amazonaws.com:aud': pool },
  'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
  Bool: { 'aws:SecureTransport': 'true' },
  IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.0.2.0/24'] },
}

/** Statements that come to nothing as late as they can: by a condition, by the resource, by the action. */
const near = (index) =>
  [
    {
      Effect: 'Deny',
      Action: 'cognito-sync:*',
      Resource: own,
      Condition: { ...condition, StringLike: { 'aws:UserAgent': `*bad*bot-${index}*` } },
    },
    {
      Effect: 'Allow',
      Action: ['cognito-sync:List*', 'cognito-sync:Get*'],
      Resource: own.replace('/*', `/dataset/other-${index}`),
    },
    { Effect: 'Allow', Action: ['cognito-idp:Admin*', 'cognito-idp:List*', `s3:Get${index}`], Resource: '*' },
    {
      Effect: 'Allow',
      Action: 'cognito-sync:*',
      Resource: `arn:aws:cognito-sync:*:${account}:*/other-${index}*/identity/*`,
    },
  ][index % 4]
const last = { Effect: 'Allow', Action: 'cognito-sync:*', Resource: own, Condition: condition }

const session = [
  ['aws:userid', 'AROAEXAMPLE:CognitoIdentityCredentials'],
  ['aws:PrincipalArn', `arn:aws:iam::${account}:role/AuthRole`],
  ['aws:PrincipalAccount', account],
  ['aws:PrincipalType', 'AssumedRole'],
  ['aws:PrincipalTag/team', 'blue'],
  ['aws:FederatedProvider', 'cognito-identity.amazonaws.com'],
  ['cognito-identity.amazonaws.com:aud', pool],
  ['cognito-identity.amazonaws.com:sub', identity],
  ['cognito-identity.amazonaws.com:amr', ['authenticated', 'cognito-idp.us-east-1.amazonaws.com/us-east-1_x']],
]
const principal = {
  kind: 'role-session',
  arn: `arn:aws:sts::${account}:assumed-role/AuthRole/CognitoIdentityCredentials`,
  account,
  roleArn: `arn:aws:iam::${account}:role/AuthRole`,
}
const requestOf = (number) => ({
  action: 'cognito-sync:ListRecords',
  resource: resourceOf(`notes-${number % 10}`),
  principal,
  context: createRequestContext(session, [
    ['aws:CurrentTime', () => new Date().toISOString()],
    ['aws:EpochTime', () => String(Math.floor(Date.now() / 1000))],
    ['aws:SourceIp', '192.0.2.7'],
    ['aws:SecureTransport', 'true'],
    ['aws:UserAgent', 'aws-sdk-js/3.1000.0 ua/2.1 os/linux lang/js md/nodejs#20.19.0 api/cognito-sync#3.1000.0'],
    ['aws:RequestedRegion', 'us-east-1'],
  ]),
})

process.stdout.write('statements        p50 ns        p99 ns    compile us\n')
for (const statements of [1, 20, 200]) {
  const list = [...Array.from({ length: statements - 1 }, (_, index) => near(index)), last]
  const text = JSON.stringify({ Version: '2012-10-17', Statement: list })
  const compileStarted = performance.now()
  const policies = { identity: [compilePolicy(text, 'identity')] }
  const compiled = (performance.now() - compileStarted) * 1000
  const samples = []
  for (let sample = 0; sample < SAMPLES * 1.2; sample++) {
    const started = process.hrtime.bigint()
    for (let number = 0; number < DECISIONS; number++) {
      if (!evaluate(requestOf(number), policies).allowed) throw new Error('The policies should have allowed this.')
    }
    const nanoseconds = Number(process.hrtime.bigint() - started) / DECISIONS
    // The first samples run code that is not optimized yet.
    if (sample >= SAMPLES * 0.2) samples.push(nanoseconds)
  }
  samples.sort((a, b) => a - b)
  const figure = (value) => String(Math.round(value)).padStart(14)
  process.stdout.write(
    `${String(statements).padStart(10)}${figure(samples[SAMPLES / 2])}${figure(samples[Math.floor(SAMPLES * 0.99)])}${figure(compiled)}\n`,
  )
}
