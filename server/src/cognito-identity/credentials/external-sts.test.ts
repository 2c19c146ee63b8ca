// Credentials of a real STS, against a stand-in that speaks its protocol and verifies our token as one would: by the
// issuer's published keys.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { identityClient } from '../../../test/aws-clients.ts'
import { expectRefusal, startTestServer, type TestServer } from '../../../test/harness.ts'
import { makeIdentityPool } from '../../../test/identity.ts'

const ROLE = 'arn:minio:iam:::role/dVB_guests'

let server: TestServer
let sts: Server
let forms: URLSearchParams[]
let claims: JWTPayload
let answer: (form: URLSearchParams) => { status: number; body: string }

const credentials = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult><Credentials>
    <AccessKeyId>ASIAEXTERNAL</AccessKeyId><SecretAccessKey>a&#43;b/c&amp;d</SecretAccessKey>
    <SessionToken>token==</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration>
  </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`

const failure = (status: number, code: string) => ({
  status,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
})

beforeAll(async () => {
  sts = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    forms.push(form)
    const issuer = `${server.publicUrl}/cognito-identity`
    const discovery = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as { jwks_uri: string }
    const keys = createRemoteJWKSet(new URL(discovery.jwks_uri))
    claims = (await jwtVerify(form.get('WebIdentityToken') ?? '', keys, { issuer })).payload
    const { status, body } = answer(form)
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => sts.once('listening', resolve))
  server = await startTestServer({
    env: { EXTERNAL_STS_URL: `http://127.0.0.1:${(sts.address() as AddressInfo).port}/` },
  })
})
afterAll(async () => {
  await server?.stop()
  sts?.close()
})
beforeEach(() => {
  forms = []
  answer = () => ({ status: 200, body: credentials })
})

async function guest(): Promise<{ poolId: string; identityId: string; get: () => Promise<{ Credentials?: object }> }> {
  const admin = identityClient(server)
  const { IdentityPoolId: poolId } = await makeIdentityPool(admin)
  await admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId: poolId, Roles: { unauthenticated: ROLE } }))
  const app = identityClient(server, 'nobody')
  const { IdentityId: identityId = '' } = await app.send(new GetIdCommand({ IdentityPoolId: poolId }))
  return { poolId, identityId, get: () => app.send(new GetCredentialsForIdentityCommand({ IdentityId: identityId })) }
}

it('returns the credentials that the STS issues for a verifiable token', async () => {
  const { poolId, identityId, get } = await guest()
  expect((await get()).Credentials).toEqual({
    AccessKeyId: 'ASIAEXTERNAL',
    SecretKey: 'a+b/c&d',
    SessionToken: 'token==',
    Expiration: new Date('2030-01-01T00:00:00Z'),
  })
  expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: ROLE,
    RoleSessionName: 'CognitoIdentityCredentials',
    DurationSeconds: '3600',
    Policy: expect.stringContaining('"execute-api:*"'),
    'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/AmazonCognitoUnAuthedIdentitiesSessionPolicy',
  })
  expect(claims).toMatchObject({ sub: identityId, aud: poolId, amr: ['unauthenticated'] })
})

it('InvalidIdentityPoolConfiguration when the STS refuses', async () => {
  const { get } = await guest()
  for (const [status, code] of [
    [403, 'AccessDenied'],
    [400, 'InvalidIdentityToken'],
  ] as const) {
    answer = () => failure(status, code)
    await expectRefusal(
      get(),
      'InvalidIdentityPoolConfigurationException',
      'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
    )
  }
})

it('ExternalServiceException when the STS does not answer with credentials', async () => {
  const { get } = await guest()
  const answers: (typeof answer)[] = [
    () => failure(500, 'InternalFailure'),
    () => failure(429, 'Throttling'),
    () => ({ status: 200, body: '<html>' }),
    () => ({ status: 200, body: credentials.replace('2030-01-01T00:00:00Z', 'soon') }),
    () => ({ status: 200, body: 'x'.repeat(100_000) }),
    () => ({ status: 302, body: '' }),
  ]
  for (const [place, each] of answers.entries()) {
    answer = each
    if (place < answers.length - 1)
      await expectRefusal(get(), 'ExternalServiceException', 'The security token service did not answer.')
    // A redirect is not followed: it would carry the token to somewhere else.
    else await expectRefusal(get(), 'InvalidIdentityPoolConfigurationException')
  }
  sts.closeAllConnections()
  await new Promise((resolve) => sts.close(resolve))
  await expectRefusal(get(), 'ExternalServiceException', 'The security token service did not answer.')
})
