// Every signed operation of every service is authorized by policies: who has none is refused, who has all but the one
// action is refused, and who has the one action alone is not. Generated from the contracts, so that no operation can be
// forgotten; the few that ask no policy are listed.

import { DeleteUserPolicyCommand, type IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Credentials, iamClient, stsClient } from '../aws-clients.ts'
import { cognitoSync, iam, identityPools, sts, type TestedService, userPools } from '../bad-input/services.ts'
import { makeSharedPools, REPLICATED, type SharedPools, World } from '../bad-input/world.ts'
import { startTestServer, type TestServer } from '../harness.ts'
import { makeIamUser, makeRole, policy, type Statement } from '../iam.ts'
import { signerOf } from '../sessions.ts'
import { type Answer, call } from './raw-request.ts'

/** Signed operations that no policy of the caller decides, and what they answer to a user without any. */
const EXCEPTIONS: Readonly<Record<string, { status: number; error?: string; message?: unknown }>> = {
  // Everybody may ask who he is, and may turn his own key into a session with no more rights.
  'sts:GetCallerIdentity': { status: 200 },
  'sts:GetSessionToken': { status: 200 },
  // Refused to everybody.
  'sts:AssumeRoot': { status: 403, error: 'AccessDenied', message: expect.stringMatching(/^AssumeRoot needs/) },
  'sts:GetDelegatedAccessToken': {
    status: 403,
    error: 'AccessDenied',
    message: expect.stringMatching(/^GetDelegatedAccessToken needs/),
  },
  'sts:GetWebIdentityToken': { status: 403, error: 'OutboundWebIdentityFederationDisabledException' },
}

/** Operations that ask for more than their own action, and are refused for that when it is all that is allowed. */
const ASKING_MORE: Readonly<Record<string, string>> = {
  'cognito-identity:SetIdentityPoolRoles': 'iam:PassRole',
}

/** What these say to a session without policies, of the rule that comes first. */
const TO_SESSIONS: Readonly<Record<string, string>> = {
  'sts:GetFederationToken': 'Cannot call GetFederationToken with session credentials',
}

/** Denied without a reason, as AWS does: the trust policy of a role may be another account's. */
const WITHOUT_REASON = ['sts:AssumeRole']

const services: readonly TestedService[] = [userPools, identityPools, cognitoSync, sts, iam]
const rows = services.flatMap((service) =>
  service.operations
    .filter((operation) => service.contract.modelOf(operation).caller === 'signed')
    .map((operation) => ({ service, operation, action: `${service.contract.model.service}:${operation}` })),
)
const authorized = rows.filter(({ action }) => !Object.hasOwn(EXCEPTIONS, action))

let server: TestServer
let pools: SharedPools
let admin: IAMClient
let powerless: Credentials
let changing: Credentials
let roleSession: Credentials
const arnOf = (name: string): string => `arn:aws:iam::${server.accountId}:user/${name}`

beforeAll(async () => {
  server = await startTestServer({ env: REPLICATED })
  pools = makeSharedPools(server)
  admin = iamClient(server)
  powerless = await makeIamUser(admin, 'powerless')
  changing = await makeIamUser(admin, 'changing')
  const assumer = await makeIamUser(admin, 'assumer', { Action: 'sts:AssumeRole' })
  const RoleArn = await makeRole(admin, 'powerless', { Principal: { AWS: server.accountId } })
  const client = stsClient(server, assumer)
  const { Credentials } = await client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }))
  roleSession = signerOf(Credentials)
  client.destroy()
})
afterAll(async () => {
  admin?.destroy()
  await server?.stop()
})

const mayDo = async (...statements: Statement[]): Promise<void> => {
  await admin.send(
    new PutUserPolicyCommand({ UserName: 'changing', PolicyName: 'inline', PolicyDocument: policy(...statements) }),
  )
}

const said = ({ status, json }: Answer): object => ({
  status,
  error: json.__type,
  message: json.message ?? json['Message'],
})

/** The refusal of a call that the policies do not allow. */
function denied({ contract }: TestedService, caller: string, action: string) {
  const start = `User: ${caller} is not authorized to perform: ${action} on resource: `
  const end = WITHOUT_REASON.includes(action) ? '' : ` because no identity-based policy allows the ${action} action`
  return {
    ...(contract.model.protocol === 'query'
      ? { status: 403, error: 'AccessDenied' }
      : { status: contract.model.protocol === 'json' ? 400 : 403, error: 'AccessDeniedException' }),
    message: expect.toSatisfy(
      (text: unknown) => String(text).startsWith(start) && String(text).endsWith(end),
      `${start}…${end}`,
    ),
  }
}

describe.each(authorized)('$action', ({ service, operation, action }) => {
  test('is what policies say', async () => {
    const { contract } = service
    const world = new World(server, pools, service, operation)
    const body = await world.textOf(contract.plainInput(operation))
    const by = async (sign: Credentials): Promise<object> =>
      said(await call(server, operation, body, { sign, model: contract.model }))

    expect(await by(powerless)).toEqual(denied(service, arnOf('powerless'), action))
    const sessionArn = `arn:aws:sts::${server.accountId}:assumed-role/powerless/session`
    const toSession = TO_SESSIONS[action]
    expect(await by(roleSession)).toEqual({
      ...denied(service, sessionArn, action),
      ...(toSession !== undefined && { message: toSession }),
    })

    await mayDo({ NotAction: action })
    expect(await by(changing)).toEqual(denied(service, arnOf('changing'), action))
    await mayDo({ Action: '*' }, { Effect: 'Deny', Action: action })
    expect(await by(changing)).toMatchObject({
      message: expect.stringMatching(
        `is not authorized to perform: ${action} on resource: .*${WITHOUT_REASON.includes(action) ? '' : ' with an explicit deny in an identity-based policy'}`,
      ),
    })

    // Last, as it may do what the operation does.
    await mayDo({ Action: action })
    const allowed = await by(changing)
    if (Object.hasOwn(ASKING_MORE, action))
      expect(allowed).toMatchObject({
        message: expect.stringContaining(`is not authorized to perform: ${ASKING_MORE[action]} on resource: `),
      })
    else expect(JSON.stringify(allowed)).not.toContain('not authorized to perform')
    await world.renew()
  })
})

test.each(rows.filter(({ action }) => Object.hasOwn(EXCEPTIONS, action)))(
  '$action asks no policy',
  async ({ service, operation, action }) => {
    const { contract } = service
    const world = new World(server, pools, service, operation)
    const body = await world.textOf(contract.plainInput(operation))
    const answer = await call(server, operation, body, { sign: powerless, model: contract.model })
    expect(said(answer)).toMatchObject(EXCEPTIONS[action] as object)
  },
)

test('the exceptions are operations that there are', () => {
  const actions = rows.map(({ action }) => action)
  for (const action of [EXCEPTIONS, ASKING_MORE, TO_SESSIONS].flatMap(Object.keys).concat(WITHOUT_REASON))
    expect(actions).toContain(action)
  expect(authorized.length).toBeGreaterThan(150)
})

test('nothing is left to a user whose policy is taken away', async () => {
  await admin.send(new DeleteUserPolicyCommand({ UserName: 'changing', PolicyName: 'inline' }))
  const form = `Action=GetUser&Version=${iam.contract.model.apiVersion}`
  const answer = await call(server, 'GetUser', form, { sign: changing, model: iam.contract.model })
  expect(said(answer)).toEqual(denied(iam, arnOf('changing'), 'iam:GetUser'))
})
