// Every signed operation of identity pools, Cognito Sync, STS and IAM refuses to be called without a signature, and with one that is
// not good, in the words of its protocol. The full table of wrong signatures is in signatures.test.ts.
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Credentials, iamClient, stsClient } from '../aws-clients.ts'
import { cognitoSync, iam, identityPools, sts, type TestedService } from '../bad-input/services.ts'
import { startTestServer, type TestServer } from '../harness.ts'
import { makeIamUser, makeRole } from '../iam.ts'
import { signerOf } from '../sessions.ts'
import { outcome, type RawRequest, replaced, requestOf, sendRaw, signed, without } from './raw-request.ts'

const services: readonly TestedService[] = [identityPools, cognitoSync, sts, iam]
const rows = services.flatMap((service) =>
  service.operations.map((operation) => ({
    service,
    operation,
    action: `${service.contract.model.service}:${operation}`,
    caller: service.contract.modelOf(operation).caller,
  })),
)
const signedRows = rows.filter(({ caller }) => caller === 'signed')
const publicRows = rows.filter(({ caller }) => caller !== 'signed')

/** A refusal: its names and statuses in JSON and in the query protocol, and its text. */
interface Refused {
  json: string
  query: [status: number, code: string]
  message: unknown
}
const missing: Refused = {
  json: 'MissingAuthenticationTokenException',
  query: [403, 'MissingAuthenticationToken'],
  message: expect.stringMatching(/^(Missing Authentication Token|Request is missing Authentication Token)$/),
}
const unknown: Refused = {
  json: 'UnrecognizedClientException',
  query: [403, 'InvalidClientTokenId'],
  message: 'The security token included in the request is invalid.',
}
const expired: Refused = {
  json: 'ExpiredTokenException',
  query: [403, 'ExpiredToken'],
  message: 'The security token included in the request is expired',
}
const incomplete: Refused = {
  json: 'IncompleteSignatureException',
  query: [400, 'IncompleteSignature'],
  message: expect.stringMatching(/./),
}
const mismatch = (message: unknown = expect.stringMatching(/^The request signature we calculated/)): Refused => ({
  json: 'InvalidSignatureException',
  query: [403, 'SignatureDoesNotMatch'],
  message,
})

let server: TestServer
/** Credentials that were good once, or never quite. */
const ended: Record<string, Credentials> = {}

beforeAll(async () => {
  server = await startTestServer()
  const admin = iamClient(server)
  const rootSession = async (DurationSeconds: number): Promise<Required<Credentials>> => {
    const client = stsClient(server)
    const { Credentials } = await client.send(new GetSessionTokenCommand({ DurationSeconds }))
    client.destroy()
    return signerOf(Credentials)
  }
  ended['expired'] = await rootSession(900)
  server.clock.advance(901_000)

  const inactive = await makeIamUser(admin, 'inactive', { Action: '*' })
  await admin.send(
    new UpdateAccessKeyCommand({ UserName: 'inactive', AccessKeyId: inactive.accessKeyId, Status: 'Inactive' }),
  )
  ended['inactive'] = inactive
  await admin.send(new CreateUserCommand({ UserName: 'ann' }))
  const { AccessKey } = await admin.send(new CreateAccessKeyCommand({ UserName: 'ann' }))
  await admin.send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: AccessKey?.AccessKeyId }))
  ended['deleted'] = {
    accessKeyId: AccessKey?.AccessKeyId as string,
    secretAccessKey: AccessKey?.SecretAccessKey as string,
  }

  const first = await rootSession(3600)
  const second = await rootSession(3600)
  const { sessionToken, ...withoutToken } = first
  ended['no token'] = withoutToken
  ended["another session's token"] = { ...first, sessionToken: second.sessionToken }
  ended['damaged'] = { ...first, sessionToken: `${sessionToken.slice(0, 60)}A${sessionToken.slice(61)}` }
  ended['cut'] = { ...first, sessionToken: sessionToken.slice(0, -2) }
  ended['wrong secret'] = { ...first, secretAccessKey: second.secretAccessKey }

  const assumer = await makeIamUser(admin, 'assumer', { Action: 'sts:AssumeRole' })
  const RoleArn = await makeRole(admin, 'gone', { Principal: { AWS: server.accountId } })
  const client = stsClient(server, assumer)
  const { Credentials } = await client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }))
  client.destroy()
  await admin.send(new DeleteRoleCommand({ RoleName: 'gone' }))
  ended['role gone'] = signerOf(Credentials)
  admin.destroy()
})
afterAll(() => server?.stop())

const wrong: readonly (Refused & { name: string; request(good: RawRequest, service: string): RawRequest })[] = [
  { name: 'no signature', ...missing, request: unsigned },
  ...[
    { name: 'an inactive key', who: 'inactive', refused: unknown },
    { name: 'a deleted key', who: 'deleted', refused: unknown },
    { name: 'an expired session', who: 'expired', refused: expired },
    { name: 'a session without its token', who: 'no token', refused: unknown },
    { name: "a session with another's token", who: "another session's token", refused: unknown },
    { name: 'a session with a damaged token', who: 'damaged', refused: unknown },
    { name: 'a session with a token cut short', who: 'cut', refused: unknown },
    { name: 'a session with a wrong secret', who: 'wrong secret', refused: mismatch() },
    { name: 'a session of a role that is gone', who: 'role gone', refused: unknown },
  ].map(({ name, who, refused }) => ({
    name,
    ...refused,
    request: (good: RawRequest, service: string) => ({
      ...good,
      headers: signed(server, unsigned(good), { service, credentials: ended[who] as Credentials }),
    }),
  })),
  {
    name: 'a wrong secret',
    ...mismatch(),
    request: (good, service) => ({
      ...good,
      headers: signed(server, unsigned(good), {
        service,
        credentials: { ...server.credentials, secretAccessKey: 'another-secret-key' },
      }),
    }),
  },
  {
    name: 'an unknown key',
    ...unknown,
    request: (good, service) => ({
      ...good,
      headers: signed(server, unsigned(good), {
        service,
        credentials: { ...server.credentials, accessKeyId: 'AKIANOBODYNOBODYNOBO' },
      }),
    }),
  },
  {
    name: 'a session token with a long-term key',
    ...unknown,
    request: (good, service) => ({
      ...good,
      headers: signed(server, unsigned(good), {
        service,
        credentials: { ...server.credentials, sessionToken: ended['role gone']?.sessionToken },
      }),
    }),
  },
  {
    name: 'another service',
    ...mismatch(expect.stringMatching(/^Credential should be scoped to correct service: '[a-z-]+'\. $/)),
    request: (good) => ({ ...good, headers: signed(server, unsigned(good), { service: 'cognito-idp' }) }),
  },
  {
    name: 'a date an hour ago',
    ...mismatch(expect.stringMatching(/^Signature expired: \w+ is now earlier than \w+ \(\w+ - (5|15) min\.\)$/)),
    request: (good, service) => ({
      ...good,
      headers: signed(server, unsigned(good), { service, at: server.clock.now() - 3_600_000 }),
    }),
  },
  { name: 'another body', ...mismatch(), request: (good) => ({ ...good, body: `${good.body}&` }) },
  {
    name: "a user's token",
    ...incomplete,
    request: (good) => ({ ...good, headers: replaced(good.headers, 'authorization', () => 'Bearer eyJ') }),
  },
  {
    name: 'two signatures',
    ...incomplete,
    request: (good) => ({
      ...good,
      headers: [...good.headers, ...good.headers.filter(([name]) => name === 'authorization')],
    }),
  },
]

function unsigned(good: RawRequest): RawRequest {
  return { ...good, headers: without(without(good.headers, 'authorization'), 'x-amz-date') }
}

/** The plainest call: what it names is not there, so that none of these would change anything. */
function plainRequest({ contract, protocol }: TestedService, operation: string): RawRequest {
  const { model } = contract
  const text = protocol.write(model, operation, contract.plainInput(operation), ({ what }) => `unknown${what}`)
  return requestOf(server, operation, model, text)
}

describe.each(signedRows)('$action', ({ service, operation }) => {
  test('refuses every wrong signature in the words of its protocol', async () => {
    const { model } = service.contract
    const plain = plainRequest(service, operation)
    const good = { ...plain, headers: signed(server, plain, { service: model.signingName }) }
    const answers: object[] = []
    const expected: object[] = []
    for (const { name, json, query, message, request } of wrong) {
      answers.push({ name, ...outcome(await sendRaw(server, request(good, model.signingName))) })
      const [status, error] = model.protocol === 'query' ? query : [model.protocol === 'json' ? 400 : 403, json]
      expected.push({ name, status, error, message })
    }
    expect(answers).toEqual(expected)
  })
})

test.each(publicRows)('$action never looks at a signature', async ({ service, operation }) => {
  const { model } = service.contract
  const plain = plainRequest(service, operation)
  const answer = outcome(await sendRaw(server, plain))
  for (const headers of [
    [...plain.headers, ['authorization', 'garbage'] as const],
    [...plain.headers, ['authorization', 'Bearer x'] as const],
    [...plain.headers, ['x-amz-security-token', 'made-up'] as const],
    signed(server, plain, { service: model.signingName, credentials: ended['expired'] as Credentials }),
    signed(server, plain, { service: 's3', region: 'mars-1', at: 0 }),
  ])
    expect(outcome(await sendRaw(server, { ...plain, headers }))).toEqual(answer)
})
