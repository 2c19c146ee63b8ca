// A disk that takes its time: a write is answered when the disk has it, and nothing else waits for that.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateIdentityPoolCommand, GetIdCommand } from '@aws-sdk/client-cognito-identity'
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  ChangePasswordCommand,
  CreateGroupCommand,
  DescribeUserPoolCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  RevokeTokenCommand,
  SignUpCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { CreateRoleCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { iamClient, identityClient } from '../aws-clients.ts'
import {
  ALL_FLOWS,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  startTestServer,
  type TestServer,
} from '../harness.ts'
import { type HeldFlushes, holdFlushes } from '../held-flushes.ts'
import { policy } from '../iam.ts'

const TRUST = policy({ Action: 'sts:AssumeRole', Principal: { AWS: '*' } })

let folder: string
let server: TestServer
let flushes: HeldFlushes
let poolId: string
let clientId: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cognomen-'))
  const key = randomBytes(32).toString('base64')
  server = await startTestServer({ env: { COGNOMEN_MASTER_KEY: key, DATABASE_URL: undefined, DATA_DIR: folder } })
  flushes = holdFlushes()
  poolId = (await makePool(server)).Id
  clientId = (await makeClient(server, poolId)).ClientId
  await makeUser(server, poolId, 'known')
})

beforeEach(() => flushes.release())

afterAll(async () => {
  flushes.restore()
  await server.stop()
  await rm(folder, { recursive: true })
})

const createUser = (name: string) =>
  server.admin.send(new AdminCreateUserCommand({ UserPoolId: poolId, Username: name, MessageAction: 'SUPPRESS' }))

it('answers reads, sign-ins and published keys while a write waits for the disk', async () => {
  const { AccessToken } = await signIn(server, clientId, 'known')
  // The keys are there.
  await fetch(`${server.url}/${poolId}/.well-known/jwks.json`)
  flushes.hold()
  let answered = false
  const writing = createUser('waits').then(() => {
    answered = true
  })
  await flushes.asked()
  await server.app.send(new GetUserCommand({ AccessToken }))
  await server.admin.send(new DescribeUserPoolCommand({ UserPoolId: poolId }))
  await server.admin.send(new AdminListGroupsForUserCommand({ UserPoolId: poolId, Username: 'known' }))
  // Not acknowledged yet, but written.
  await server.admin.send(new AdminGetUserCommand({ UserPoolId: poolId, Username: 'waits' }))
  await signIn(server, clientId, 'known')
  await expect(signIn(server, clientId, 'known', 'wrong')).rejects.toThrow('Incorrect username or password.')
  for (const document of ['jwks.json', 'openid-configuration'])
    expect((await fetch(`${server.url}/${poolId}/.well-known/${document}`)).status).toBe(200)
  expect(answered).toBe(false)
  flushes.release()
  await writing
})

describe('a write is not answered before the disk has it', () => {
  const iam = () => iamClient(server)
  const identity = () => identityClient(server)
  let identityPoolId: string
  beforeAll(async () => {
    const pool = new CreateIdentityPoolCommand({ IdentityPoolName: 'first', AllowUnauthenticatedIdentities: true })
    identityPoolId = (await identity().send(pool)).IdentityPoolId as string
  })

  const signedIn = () => signIn(server, clientId, 'known')
  const nothing = async (): Promise<void> => undefined
  it.each<[string, () => Promise<unknown>, (prepared: never) => Promise<unknown>]>([
    ['AdminCreateUser', nothing, () => createUser('new')],
    [
      'SignUp, with a message',
      nothing,
      () => server.app.send(new SignUpCommand({ ClientId: clientId, Username: 'signed-up', Password: PASSWORD })),
    ],
    ['CreateUserPool', nothing, () => makePool(server)],
    ['CreateGroup', nothing, () => server.admin.send(new CreateGroupCommand({ UserPoolId: poolId, GroupName: 'new' }))],
    [
      'UpdateUserPoolClient',
      nothing,
      () =>
        server.admin.send(
          new UpdateUserPoolClientCommand({ UserPoolId: poolId, ClientId: clientId, ExplicitAuthFlows: ALL_FLOWS }),
        ),
    ],
    [
      'ChangePassword',
      signedIn,
      ({ AccessToken }: { AccessToken: string }) =>
        server.app.send(
          new ChangePasswordCommand({ AccessToken, PreviousPassword: PASSWORD, ProposedPassword: PASSWORD }),
        ),
    ],
    [
      'GlobalSignOut',
      signedIn,
      ({ AccessToken }: { AccessToken: string }) => server.app.send(new GlobalSignOutCommand({ AccessToken })),
    ],
    [
      'RevokeToken',
      signedIn,
      ({ RefreshToken }: { RefreshToken: string }) =>
        server.app.send(new RevokeTokenCommand({ ClientId: clientId, Token: RefreshToken })),
    ],
    [
      'CreateRole',
      nothing,
      () => iam().send(new CreateRoleCommand({ RoleName: 'new', AssumeRolePolicyDocument: TRUST })),
    ],
    ['GetId', nothing, () => identity().send(new GetIdCommand({ IdentityPoolId: identityPoolId }))],
  ])('%s', async (_name, prepare, write) => {
    const prepared = (await prepare()) as never
    flushes.hold()
    const writing = write(prepared).then(() => 'answered')
    expect(await Promise.race([writing, flushes.asked().then(() => 'waits')])).toBe('waits')
    flushes.release()
    expect(await writing).toBe('answered')
  })
})
