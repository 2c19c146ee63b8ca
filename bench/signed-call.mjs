// What a signed call costs more than an unsigned one: finding the key, opening the session token, verifying the signature
// and deciding by policies, in CPU time of this process. Needs the built server.
//
//   node bench/signed-call.mjs
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { root } from './machine.mjs'

const load = (path) => import(join(root, 'server/dist', path))
const { createSealer } = await load('crypto/seal.js')
const { sealSession } = await load('authorization/session-token.js')
const { verifySignedRequest } = await load('authorization/signer.js')
const { authorize } = await load('authorization/authorize.js')
const { signRequest } = await load('sigv4/sign.js')

const ROUNDS = 20_000
const statement = (number) => ({
  Effect: 'Allow',
  Action: `s3:Get${number}`,
  Resource: `arn:aws:s3:::bucket-${number}/*`,
})
const role = {
  kind: 'role',
  key: 'role/users',
  id: 'AROAEXAMPLE',
  settings: {
    name: 'users',
    path: '/',
    trustPolicy: '{}',
    maxSessionSeconds: 3600,
    inlinePolicies: {
      inline: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          ...Array.from({ length: 19 }, (_, number) => statement(number)),
          {
            Effect: 'Allow',
            Action: 'cognito-identity:Describe*',
            Resource: 'arn:aws:cognito-identity:*:*:identitypool/*',
            Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } },
          },
        ],
      }),
    },
    attachedPolicies: [],
    tags: [],
  },
}
const sealer = createSealer({ current: randomBytes(32) })
const now = Date.now()
const session = {
  kind: 'role',
  accessKeyId: 'ASIAEXAMPLEEXAMPLEEX',
  secretAccessKey: 'x'.repeat(40),
  issuedAt: now,
  expiresAt: now + 3_600_000,
  entity: { key: role.key, id: role.id },
  name: 'session',
  tags: { team: 'blue' },
  context: { 'cognito-identity.amazonaws.com:sub': ['us-east-1:1'] },
}
const context = {
  sealer,
  clock: { now: () => now },
  config: { region: 'us-east-1', accountId: '000000000000' },
  publicUrl: 'http://127.0.0.1:9229',
  administrator: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
  iam: { byKey: async () => role, accessKey: async () => undefined },
  lastUsed: { note: () => undefined },
}
const body = '{"IdentityPoolId":"us-east-1:11111111-1111-4111-8111-111111111111"}'
const headers = signRequest(
  {
    method: 'POST',
    rawPath: '/',
    rawQuery: '',
    headers: [
      ['host', '127.0.0.1:9229'],
      ['content-type', 'application/x-amz-json-1.1'],
      ['x-amz-target', 'AWSCognitoIdentityService.DescribeIdentityPool'],
    ],
    body,
  },
  { ...session, sessionToken: sealSession(sealer, session) },
  { region: 'us-east-1', service: 'cognito-identity' },
  now,
)
const resource = { arn: 'arn:aws:cognito-identity:us-east-1:000000000000:identitypool/us-east-1:1', tags: { a: 'b' } }

async function once() {
  const bodySha256Hex = createHash('sha256').update(body).digest('hex')
  const request = { method: 'POST', rawPath: '/', rawQuery: '', headers, bodySha256Hex, remoteAddress: '127.0.0.1' }
  const rules = { service: 'cognito-identity', region: 'us-east-1', skewSeconds: 300 }
  const caller = await verifySignedRequest(context, request, rules)
  await authorize(context, caller, { action: 'cognito-identity:DescribeIdentityPool', resource, input: {} })
}

for (let round = 0; round < ROUNDS / 4; round++) await once()
const before = process.cpuUsage()
for (let round = 0; round < ROUNDS; round++) await once()
const { user, system } = process.cpuUsage(before)
console.log(
  `a signature of a session and a decision of 20 statements: ${((user + system) / ROUNDS).toFixed(0)} us of CPU`,
)
