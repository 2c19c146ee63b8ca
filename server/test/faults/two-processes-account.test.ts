// Two servers on one PostgreSQL answer as one about IAM and identity pools as well: names are unique, a person has one
// identity, and what is deleted in one soon stops working in the other.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateIdentityPoolCommand,
  GetIdCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  ListIdentitiesCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteUserPolicyCommand,
  GetUserCommand,
  IAMClient,
  ListGroupsCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StartedServer, startServer } from '../../../conformance/start-server.ts'
import { adminClient, makePool } from '../../../conformance/user-pool.ts'
import { policy } from '../iam.ts'
import { postgresUrl } from '../postgres.ts'
import { signerOf } from '../sessions.ts'
import { type Clients, clientsOf } from './account-load.ts'

const PASSWORD = 'Passw0rd!x'
const PROVIDER = 'login.example.app'
/** How long a process may go on with what another one changed. */
const SETTINGS_LIFETIME_MS = 1_000

const servers: StartedServer[] = []
let both: [Clients, Clients]
let userPools: CognitoIdentityProviderClient

beforeAll(async () => {
  const env = {
    DATABASE_URL: await postgresUrl(),
    DATABASE_CONNECTIONS: '16',
    PUBLIC_URL: 'http://cognomen.test',
    COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64'),
    COGNOMEN_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
    COGNOMEN_SECRET_ACCESS_KEY: 'a-secret-key-for-tests-only',
  }
  servers.push(...(await Promise.all([startServer({ env }), startServer({ env })])))
  both = servers.map((server) => clientsOf(server)) as typeof both
  userPools = adminClient(servers[0] as StartedServer)
})

afterAll(async () => {
  userPools?.destroy()
  for (const clients of both ?? []) clients.destroy()
  await Promise.all(servers.map((server) => server.stop()))
})

const TRUST = policy({ Action: 'sts:AssumeRole', Principal: { AWS: '000000000000' } })
const ALLOW = policy({ Action: 'iam:GetUser' })

test.each<
  [string, (iam: IAMClient, turn: number) => Promise<unknown>, (iam: IAMClient) => Promise<unknown[] | undefined>]
>([
  [
    'users',
    (iam, turn) => iam.send(new CreateUserCommand({ UserName: turn % 4 < 2 ? 'Ada' : 'ADA' })),
    async (iam) => (await iam.send(new ListUsersCommand({}))).Users,
  ],
  [
    'roles',
    (iam) => iam.send(new CreateRoleCommand({ RoleName: 'Ada', AssumeRolePolicyDocument: TRUST })),
    async (iam) => (await iam.send(new ListRolesCommand({}))).Roles,
  ],
  [
    'groups',
    (iam, turn) => iam.send(new CreateGroupCommand({ GroupName: 'Ada', Path: turn % 4 < 2 ? '/' : '/a/' })),
    async (iam) => (await iam.send(new ListGroupsCommand({}))).Groups,
  ],
  [
    'policies',
    (iam) => iam.send(new CreatePolicyCommand({ PolicyName: 'Ada', PolicyDocument: ALLOW })),
    async (iam) => (await iam.send(new ListPoliciesCommand({ Scope: 'Local' }))).Policies,
  ],
])('of 40 %s made at once with one name over both, one is made', async (_, make, list) => {
  const outcomes = await alternately(40, ({ iam }, turn) => make(iam, turn))
  expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome.startsWith('EntityAlreadyExistsException: '))).toHaveLength(39)
  for (const { iam } of both) expect(await list(iam)).toHaveLength(1)
})

test('of many keys made at once for one user over both, as many are made as a user may have', async () => {
  const UserName = 'keys'
  await both[0].iam.send(new CreateUserCommand({ UserName }))
  const outcomes = await alternately(12, ({ iam }) => iam.send(new CreateAccessKeyCommand({ UserName })))
  expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(2)
  expect(outcomes.filter((outcome) => outcome.startsWith('LimitExceededException: '))).toHaveLength(10)
})

test('twenty parallel first logins of one person over both give one identity', async () => {
  const { poolId, clientId } = await makePool(userPools)
  const ProviderName = `cognito-idp.us-east-1.amazonaws.com/${poolId}`
  const { IdentityPoolId } = await both[0].identity.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'two processes',
      AllowUnauthenticatedIdentities: false,
      DeveloperProviderName: PROVIDER,
      CognitoIdentityProviders: [{ ProviderName, ClientId: clientId }],
    }),
  )
  for (let round = 0; round < 3; round++) {
    const Logins = { [ProviderName]: await idTokenOf(poolId, clientId, `person-${round}`) }
    const ids = new Set<string | undefined>()
    const outcomes = await alternately(20, async ({ identity }) => {
      ids.add((await identity.send(new GetIdCommand({ IdentityPoolId, Logins }))).IdentityId)
    })
    expect(outcomes).toEqual(Array.from({ length: 20 }, () => 'ok'))
    expect(ids.size).toBe(1)

    const developerIds = new Set<string | undefined>()
    const command = { IdentityPoolId, Logins: { [PROVIDER]: `developer-${round}` } }
    const developerOutcomes = await alternately(20, async ({ identity }) => {
      developerIds.add((await identity.send(new GetOpenIdTokenForDeveloperIdentityCommand(command))).IdentityId)
    })
    expect(developerOutcomes).toEqual(Array.from({ length: 20 }, () => 'ok'))
    expect(developerIds.size).toBe(1)
  }
  // The losers left nothing behind.
  const { Identities } = await both[1].identity.send(new ListIdentitiesCommand({ IdentityPoolId, MaxResults: 60 }))
  expect(Identities?.map(({ Logins }) => Logins?.length)).toEqual([1, 1, 1, 1, 1, 1])
})

test('a key that one process ends is refused by the other within a second', async () => {
  const [a, b] = both
  const UserName = 'leaving'
  await a.iam.send(new CreateUserCommand({ UserName }))
  await a.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'inline', PolicyDocument: ALLOW }))
  const { AccessKey } = await a.iam.send(new CreateAccessKeyCommand({ UserName }))
  const key = { AccessKeyId: AccessKey?.AccessKeyId as string, UserName }
  const asUser = await signedBy({
    accessKeyId: key.AccessKeyId,
    secretAccessKey: AccessKey?.SecretAccessKey as string,
  })
  const INVALID = 'InvalidClientTokenId: The security token included in the request is invalid.'
  try {
    // The other process knows it as good.
    expect(await asUser[1]()).toBe('ok')
    await a.iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Inactive' }))
    expect(await asUser[0]()).toBe(INVALID)
    await sleep(SETTINGS_LIFETIME_MS)
    expect(await asUser[1]()).toBe(INVALID)

    await b.iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Active' }))
    await sleep(SETTINGS_LIFETIME_MS)
    expect([await asUser[0](), await asUser[1]()]).toEqual(['ok', 'ok'])
    // Its policy goes, then the key itself.
    await b.iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'inline' }))
    await sleep(SETTINGS_LIFETIME_MS)
    expect(await asUser[0]()).toMatch(/^AccessDenied: /)
    await b.iam.send(new DeleteAccessKeyCommand(key))
    await sleep(SETTINGS_LIFETIME_MS)
    expect([await asUser[0](), await asUser[1]()]).toEqual([INVALID, INVALID])
  } finally {
    asUser.close()
  }
})

test('a session ends in the other process within a second of the end of its role', async () => {
  const [a, b] = both
  const RoleName = 'ending'
  const { Role } = await a.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }))
  const assumer = 'assumer'
  await a.iam.send(new CreateUserCommand({ UserName: assumer }))
  await a.iam.send(
    new PutUserPolicyCommand({
      UserName: assumer,
      PolicyName: 'inline',
      PolicyDocument: policy({ Action: 'sts:AssumeRole' }),
    }),
  )
  const { AccessKey } = await a.iam.send(new CreateAccessKeyCommand({ UserName: assumer }))
  const sts = b.sts({
    accessKeyId: AccessKey?.AccessKeyId as string,
    secretAccessKey: AccessKey?.SecretAccessKey as string,
  })
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'session' }))
  sts.destroy()
  const asRole = await signedBy(signerOf(Credentials))
  try {
    // Known in both, and may do nothing.
    for (const ask of asRole) expect(await ask()).toMatch(/^AccessDenied: /)
    await a.iam.send(new DeleteRoleCommand({ RoleName }))
    await sleep(SETTINGS_LIFETIME_MS)
    for (const ask of asRole) expect(await ask()).toMatch(/^InvalidClientTokenId: /)
    // A role that takes its name does not take its sessions.
    await b.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }))
    await sleep(SETTINGS_LIFETIME_MS)
    for (const ask of asRole) expect(await ask()).toMatch(/^InvalidClientTokenId: /)
  } finally {
    asRole.close()
  }
})

test('neither process met an error of its own', () => {
  for (const server of servers) expect(server.output()).not.toContain('"level":50')
})

// Small things

type Asking = [a: () => Promise<string>, b: () => Promise<string>] & { close(): void }

/** What each process says to `iam:GetUser` of whoever has these credentials. */
async function signedBy(credentials: {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}): Promise<Asking> {
  const clients = servers.map(
    ({ url, region }) => new IAMClient({ endpoint: url, region, credentials, maxAttempts: 1 }),
  )
  const asking = clients.map((iam) => () => outcomeOf(iam.send(new GetUserCommand({ UserName: 'leaving' }))))
  return Object.assign(asking as [Asking[0], Asking[1]], {
    close: () => {
      for (const client of clients) client.destroy()
    },
  })
}

async function idTokenOf(UserPoolId: string, ClientId: string, Username: string): Promise<string> {
  await userPools.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }))
  await userPools.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: true }))
  const { AuthenticationResult } = await userPools.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId,
      AuthParameters: { USERNAME: Username, PASSWORD },
    }),
  )
  return AuthenticationResult?.IdToken as string
}

/** All at once, half to each process; the outcome of each. */
function alternately(count: number, call: (clients: Clients, turn: number) => Promise<unknown>): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, (_, turn) => outcomeOf(call(both[turn % 2] as Clients, turn))))
}

const outcomeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: Error) => `${error.name}: ${error.message}`,
  )
