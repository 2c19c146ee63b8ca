// Nothing of one pool is reached through another (docs/reference/threats.md 21, 53): a resource of pool B, named in a
// call on pool A, is answered exactly as one that does not exist, and B stays as it was. Nor does one user reach what is
// another's. For every implemented operation that names one of RESOURCES; a new kind of resource is added there.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cognitoIdpOperations } from '../../src/cognito-idp/operations.ts'
import { Known, knownIn, type Tree, toText } from '../bad-input/json-tree.ts'
import { NEW_PASSWORD } from '../bad-input/known-values.ts'
import { userPools } from '../bad-input/services.ts'
import { REPLICATED, UserPoolFixture } from '../bad-input/world.ts'
import { PASSWORD, startTestServer, type TestServer } from '../harness.ts'
import { type Answer, call } from './raw-request.ts'

const { inputMembers, modelOf, plainInput } = userPools.contract

const names = cognitoIdpOperations.map(({ name }) => name)
const operations = names.filter((name) => modelOf(name).caller === 'signed' && inputMembers(name).has('UserPoolId'))
/** What users do with what is their own. */
const operationsOfUsers = names.filter((name) => modelOf(name).caller === 'user-token')

interface Resource {
  known: string[]
  nothing: string
  /** Refused so when it is not there; otherwise as not found. */
  refused?: RegExp
  /** Operations that create one are left out: nobody else may have its name, or a pool has one alone. */
  unique?: true
}

const NOT_FOUND = /^(ResourceNotFound|UserNotFound)Exception$/

/** Members that name something inside of a pool: what they are called in a fixture, and what nothing is called. */
const RESOURCES: Readonly<Record<string, Resource>> = {
  Username: { known: ['user', 'sub'], nothing: 'nobody-of-this-name' },
  GroupName: { known: ['group'], nothing: 'no-group-of-this-name' },
  ClientId: { known: ['client', 'secretClient'], nothing: 'nosuchclientnosuchclient00' },
  SessionId: { known: ['sessionId'], nothing: '00000000-0000-4000-8000-000000000000' },
  EventId: { known: ['eventId'], nothing: '00000000-0000-7000-8000-000000000000' },
  Identifier: { known: ['resourceServer'], nothing: 'no-such-resource-server' },
  ProviderName: { known: ['provider'], nothing: 'no-such-provider' },
  JobId: { known: ['importJob'], nothing: 'import-0000000000' },
  IdpIdentifier: { known: ['identifier'], nothing: 'no-such-identifier' },
  Domain: { known: ['domain'], nothing: 'no-such-domain', refused: /^InvalidParameterException$/, unique: true },
  DeviceKey: { known: ['device'], nothing: 'us-east-1_00000000-0000-4000-8000-000000000000' },
  RegionName: { known: ['replica'], nothing: 'eu-west-2', unique: true },
  CredentialId: { known: ['passkey'], nothing: 'bm8gcGFzc2tleSBvZiB0aGlzIGlk' },
  TermsId: { known: ['termsId'], nothing: '00000000-0000-4000-8000-000000000000' },
  ManagedLoginBrandingId: { known: ['brandingId'], nothing: '00000000-0000-4000-8000-000000000000' },
  ClientSecretId: { known: ['clientSecretId'], nothing: 'nosuchclientnosuchclient00--1767225600000' },
}

/** Inputs that go further than the plainest. */
const INPUTS: Readonly<Record<string, { [member: string]: Tree }>> = {
  AdminInitiateAuth: {
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: new Known('user'), PASSWORD },
  },
  AdminRespondToAuthChallenge: {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    ChallengeResponses: { USERNAME: new Known('challenged'), NEW_PASSWORD },
    Session: new Known('session'),
  },
  AdminSetUserMFAPreference: { SoftwareTokenMfaSettings: { Enabled: false } },
  AdminSetUserSettings: { MFAOptions: [] },
  AdminUpdateUserAttributes: { UserAttributes: [{ Name: 'email', Value: 'changed@example.com' }] },
  SetUserPoolMfaConfig: { MfaConfiguration: 'OPTIONAL', SoftwareTokenMfaConfiguration: { Enabled: true } },
  UpdateResourceServer: { Name: 'changed' },
  UpdateUserPoolReplica: { Status: 'INACTIVE' },
  UpdateUserPoolDomain: { ManagedLoginVersion: 2 },
  UpdateIdentityProvider: { IdpIdentifiers: ['changed.example.com'] },
  // It replaces all settings.
  UpdateUserPool: { UserPoolTier: 'PLUS', UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' } },
  // The client that has secrets.
  AddUserPoolClientSecret: { ClientId: new Known('secretClient') },
  DeleteUserPoolClientSecret: { ClientId: new Known('secretClient') },
  ListUserPoolClientSecrets: { ClientId: new Known('secretClient') },
}

/** What these are given is not there before. */
const creates = (operation: string): boolean => /^(Admin)?Create/.test(operation)

const inputOf = (operation: string): { [member: string]: Tree } => ({ ...plainInput(operation), ...INPUTS[operation] })

let server: TestServer
let a: UserPoolFixture
let b: UserPoolFixture
/** Another user of the pool of `a`. */
let neighbour: UserPoolFixture
let before: unknown
beforeAll(async () => {
  server = await startTestServer({ env: REPLICATED })
  a = new UserPoolFixture(server)
  b = new UserPoolFixture(server)
  neighbour = new UserPoolFixture(server, a)
  for (const { known } of Object.values(RESOURCES)) for (const what of known) await b.get(what)
  for (const what of ['session', 'accessToken']) await b.get(what)
  // Its pool, too, tracks sessions from then on.
  await a.get('sessionId')
  await a.get('eventId')
  before = await stateOf(b)
})
afterAll(() => server?.stop())

/** Sends an input whose known values come from `own`, but for the members that `instead` names. */
async function send(
  operation: string,
  own: UserPoolFixture,
  input: Tree,
  instead: { [member: string]: string } = {},
): Promise<Answer> {
  const tree = { ...(input as { [member: string]: Tree }), ...instead }
  const found = new Map<string, string>()
  for (const { what } of knownIn(tree)) found.set(what, await own.get(what))
  const body = toText(tree, ({ what }) => found.get(what) as string)
  return call(server, operation, body, { sign: modelOf(operation).caller === 'signed' })
}

const ask = async (operation: string, input: object): Promise<unknown> => {
  const { status, json } = await call(server, operation, input, { sign: modelOf(operation).caller === 'signed' })
  return { operation, status, json }
}

/** All that can be read of a fixture's pool. */
async function stateOf(fixture: UserPoolFixture): Promise<unknown[]> {
  const UserPoolId = await fixture.get('pool')
  const Username = await fixture.get('user')
  const GroupName = await fixture.get('group')
  const client = { UserPoolId, ClientId: await fixture.get('client') }
  const secretClient = { UserPoolId, ClientId: await fixture.get('secretClient') }
  return [
    await ask('DescribeUserPool', { UserPoolId }),
    await ask('GetUserPoolMfaConfig', { UserPoolId }),
    await ask('DescribeUserPoolClient', client),
    await ask('DescribeUserPoolClient', secretClient),
    await ask('ListUserPoolClients', { UserPoolId }),
    await ask('ListUserPoolClientSecrets', secretClient),
    await ask('ListUsers', { UserPoolId }),
    await ask('AdminGetUser', { UserPoolId, Username }),
    await ask('AdminListGroupsForUser', { UserPoolId, Username }),
    await ask('AdminListUserSessions', { UserPoolId, Username }),
    await ask('AdminListUserAuthEvents', { UserPoolId, Username }),
    await ask('DescribeRiskConfiguration', { UserPoolId }),
    await ask('GetLogDeliveryConfiguration', { UserPoolId }),
    await ask('AdminListDevices', { UserPoolId, Username }),
    await ask('ListUserPoolReplicas', { UserPoolId }),
    await ask('ListGroups', { UserPoolId }),
    await ask('DescribeUserPoolDomain', { Domain: await fixture.get('domain') }),
    await ask('ListResourceServers', { UserPoolId }),
    await ask('ListIdentityProviders', { UserPoolId }),
    await ask('DescribeIdentityProvider', { UserPoolId, ProviderName: await fixture.get('provider') }),
    await ask('GetSigningCertificate', { UserPoolId }),
    await ask('ListUsersInGroup', { UserPoolId, GroupName }),
    await ask('ListTerms', { UserPoolId }),
    await ask('ListUserImportJobs', { UserPoolId, MaxResults: 50 }),
    await ask('DescribeManagedLoginBrandingByClient', secretClient),
    await ask('GetUICustomization', { UserPoolId }),
    ...(await stateOfUser(fixture)),
  ]
}

/** What a user sees of what is their own. */
async function stateOfUser(fixture: UserPoolFixture): Promise<unknown[]> {
  const AccessToken = await fixture.get('accessToken')
  const reads = ['GetUser', 'ListDevices', 'ListUserSessions', 'ListWebAuthnCredentials']
  return Promise.all(reads.map((operation) => ask(operation, { AccessToken })))
}

/** The answer without the names that were asked for. */
const wording = ({ status, json }: Answer, name: string): object => ({
  status,
  error: json.__type,
  message: json.message?.replaceAll(name, '*'),
})

const namedIn = (operation: string): string[] =>
  Object.keys(RESOURCES).filter((member) => inputMembers(operation).get(member)?.required)
/** The members that may name what another pool has, each with what it has. */
const casesOf = (operation: string): { member: string; what: string }[] =>
  namedIn(operation)
    .filter((member) => !(creates(operation) && RESOURCES[member]?.unique))
    .flatMap((member) => (RESOURCES[member] as Resource).known.map((what) => ({ member, what })))
const pageToken = (operation: string): string | undefined =>
  ['NextToken', 'PaginationToken'].find((name) => inputMembers(operation).has(name))

const reaching = operations.filter((operation) => casesOf(operation).length > 0 || pageToken(operation) !== undefined)

describe.each(reaching)('%s', (operation) => {
  const named = namedIn(operation)
  const cases = casesOf(operation)

  if (cases.length > 0)
    test.each(cases)(
      'answers $member naming the $what of another pool as it answers one that is not there',
      async ({ member, what }) => {
        const { nothing, refused = NOT_FOUND } = RESOURCES[member] as Resource
        const own = creates(operation) ? new UserPoolFixture(server) : a
        const foreign = await b.get(what)
        const answer = await send(operation, own, inputOf(operation), { [member]: foreign })
        // A sub has the form of one, which leads further than any other name that is not there.
        const absent = what === 'sub' ? '00000000-0000-4000-8000-000000000000' : nothing
        const expected = await send(operation, own, inputOf(operation), { [member]: absent })
        expect(wording(answer, foreign)).toEqual(wording(expected, absent))
        if (creates(operation)) return
        expect(answer.status).toBe(400)
        expect(answer.json.__type).toMatch(refused)
      },
    )

  if (named.length > 0 && !creates(operation))
    test('answers everything of another pool as what is not there', async () => {
      const foreign: { [member: string]: string } = {}
      for (const member of named) foreign[member] = await b.get(RESOURCES[member]?.known.at(-1) as string)
      const { status, json } = await send(operation, a, inputOf(operation), foreign)
      expect(status).toBe(400)
      expect(json.__type).toMatch(RESOURCES[named[0] as string]?.refused ?? NOT_FOUND)
    })

  const token = pageToken(operation)
  if (token !== undefined)
    test('refuses a page token of another pool, and damaged ones', async () => {
      const size = ['Limit', 'MaxResults'].find((name) => inputMembers(operation).has(name))
      await Promise.all(
        [a, b].flatMap((fixture) =>
          [
            'group',
            'client',
            'secretClient',
            'device',
            'eventId',
            'resourceServer',
            'provider',
            'termsId',
            'importJob',
          ].map((what) => fixture.get(what)),
        ),
      )
      const input = { ...inputOf(operation), ...(size !== undefined && { [size]: 1 }) }
      const page = await send(operation, b, input)
      // Where a page has room for all there can be, there is no token; another operation's is not taken for one.
      const cursor = size === undefined ? await anyCursor() : (page.json[token as string] as string)
      // There is a second page, and the token leads to it.
      if (size !== undefined) expect((await send(operation, b, input, { [token as string]: cursor })).status).toBe(200)
      const other = [...cursor]
        .map((character, at) => (at === 40 ? (character === 'A' ? 'B' : 'A') : character))
        .join('')
      for (const [own, text] of [
        [a, cursor],
        [b, other],
        [b, cursor.slice(0, -1)],
        [b, `${cursor}A`],
        [b, cursor.toLowerCase()],
      ] as const) {
        const { status, json } = await send(operation, own, input, { [token as string]: text })
        expect({ status, ...json }).toEqual({
          status: 400,
          __type: 'InvalidParameterException',
          message: 'Invalid pagination token',
        })
      }
    })
})

describe.each(operationsOfUsers.filter((operation) => namedIn(operation).length > 0))('%s', (operation) => {
  const cases = namedIn(operation).flatMap((member) =>
    (RESOURCES[member] as { known: string[] }).known.map((what) => ({ member, what })),
  )
  test.each(cases)(
    'answers $member naming the $what of another user as it answers one that is not there',
    async (of) => {
      const { nothing } = RESOURCES[of.member] as { nothing: string }
      const input = inputOf(operation)
      const expected = await send(operation, a, input, { [of.member]: nothing })
      for (const owner of [neighbour, b]) {
        const foreign = await owner.get(of.what)
        const untouched = await stateOfUser(owner)
        const answer = await send(operation, a, input, { [of.member]: foreign })
        expect(wording(answer, foreign)).toEqual(wording(expected, nothing))
        expect(answer.status).toBe(400)
        expect(await stateOfUser(owner)).toEqual(untouched)
      }
      // Its owner has another answer; ConfirmDevice takes the new device of its own token alone.
      if (operation === 'ConfirmDevice') return
      const owner = new UserPoolFixture(server, a)
      const own = await owner.get(of.what)
      expect(wording(await send(operation, owner, input, { [of.member]: own }), own)).not.toEqual(
        wording(expected, nothing),
      )
    },
  )
})

async function anyCursor(): Promise<string> {
  const { json } = await call(server, 'ListUserPools', { MaxResults: 1 }, { sign: true })
  return json['NextToken'] as string
}

test('a page token leads nowhere in another operation, or with another filter', async () => {
  const UserPoolId = await a.get('pool')
  const GroupName = await a.get('group')
  const token = async (operation: string, input: object): Promise<string> => {
    const { json } = await call(server, operation, { UserPoolId, Limit: 1, ...input }, { sign: true })
    return (json['NextToken'] ?? json['PaginationToken']) as string
  }
  const users = await token('ListUsers', {})
  const members = await token('ListUsersInGroup', { GroupName })
  const groups = await token('ListGroups', {})
  const clients = await token('ListUserPoolClients', { Limit: undefined, MaxResults: 1 })
  const wrong: [string, object][] = [
    ['ListUsers', { PaginationToken: members }],
    ['ListUsers', { PaginationToken: groups }],
    ['ListUsers', { PaginationToken: users, Filter: 'username ^= "n"' }],
    ['ListUsersInGroup', { GroupName, NextToken: users }],
    ['ListGroups', { NextToken: members }],
    ['ListGroups', { NextToken: clients }],
    ['ListUserPoolClients', { NextToken: groups }],
    ['AdminListGroupsForUser', { Username: await a.get('user'), NextToken: groups }],
  ]
  for (const cursor of [users, members, groups, clients]) expect(cursor).toEqual(expect.any(String))
  for (const [operation, input] of wrong) {
    const { status, json } = await call(server, operation, { UserPoolId, ...input }, { sign: true })
    expect({ operation, status, message: json.message }).toEqual({
      operation,
      status: 400,
      message: 'Invalid pagination token',
    })
  }
})

test('twins: whatever is done to one of two users of the same name, the other stays', async () => {
  const [first, second] = [new UserPoolFixture(server), new UserPoolFixture(server)]
  const twins = await Promise.all(
    [first, second].map(async (fixture) => {
      const UserPoolId = await fixture.get('pool')
      await call(server, 'AdminCreateUser', { UserPoolId, Username: 'twin', MessageAction: 'SUPPRESS' }, { sign: true })
      await call(
        server,
        'AdminSetUserPassword',
        { UserPoolId, Username: 'twin', Password: PASSWORD, Permanent: true },
        { sign: true },
      )
      await call(server, 'CreateGroup', { UserPoolId, GroupName: 'twins' }, { sign: true })
      await call(server, 'AdminAddUserToGroup', { UserPoolId, GroupName: 'twins', Username: 'twin' }, { sign: true })
      return UserPoolId
    }),
  )
  const look = async (): Promise<unknown[]> => {
    const UserPoolId = twins[1]
    return [
      await ask('DescribeUserPool', { UserPoolId }),
      await ask('GetUserPoolMfaConfig', { UserPoolId }),
      await ask('AdminGetUser', { UserPoolId, Username: 'twin' }),
      await ask('GetGroup', { UserPoolId, GroupName: 'twins' }),
      await ask('ListUsersInGroup', { UserPoolId, GroupName: 'twins' }),
      await ask('AdminListGroupsForUser', { UserPoolId, Username: 'twin' }),
    ]
  }
  // Made by a sign-in, which a changed app client allows no more.
  await first.get('eventId')
  // Before CreateUserPoolDomain, which makes one of another name, and CreateUserPoolReplica, which makes the only one.
  await first.get('domain')
  await first.get('replica')
  const untouched = await look()
  // What removes goes last, and a promotion after it: it would take the pool to another region, out of reach of these calls.
  const order = (name: string): number =>
    /^Promote/.test(name) ? 3 : /DeleteUserPool$/.test(name) ? 2 : /Delete|Remove/.test(name) ? 1 : 0
  let done = 0
  for (const operation of [...operations].sort((x, y) => order(x) - order(y))) {
    const members = inputMembers(operation)
    const instead = {
      ...(members.has('Username') && { Username: 'twin' }),
      ...(members.has('GroupName') && { GroupName: 'twins' }),
    }
    if ((await send(operation, first, inputOf(operation), instead)).status === 200) done++
    expect(await look(), operation).toEqual(untouched)
  }
  // Most of them did something.
  expect(done).toBeGreaterThan(operations.length / 2)
})

test('the other pool is as it was', async () => {
  expect(await stateOf(b)).toEqual(before)
})
