// The life of temporary credentials: how long, on which processes, and what ends them.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListUserPoolsCommand } from '@aws-sdk/client-cognito-identity-provider'
import {
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  GetRoleCommand,
  type IAMClient,
  ListAccessKeysCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetFederationTokenCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, iamClient, stsClient } from '../../../test/aws-clients.ts'
import {
  type Engine,
  engines,
  expectRefusal,
  startTestServer,
  type TestServer,
  useTestServer,
} from '../../../test/harness.ts'
import { makeIamUser, makeRole, policy } from '../../../test/iam.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { expiryOf, identityOf, poolsClient, signerOf } from '../../../test/sessions.ts'
import type { Environment } from '../../config/env.ts'

const INVALID = ['InvalidClientTokenId', 'The security token included in the request is invalid.'] as const
const EXPIRED = ['ExpiredToken', 'The security token included in the request is expired'] as const

describe.each(engines)('sessions on %s', (engine) => {
  const server = useTestServer({ engine })
  let iam: IAMClient
  let ada: Credentials
  const trustOf = (user: string) => ({ Principal: { AWS: `arn:aws:iam::${server.accountId}:user/${user}` } })
  const listPools = { Action: 'cognito-idp:ListUserPools' }

  beforeAll(async () => {
    iam = iamClient(server)
    ada = await makeIamUser(iam, 'ada', { Action: '*' })
    await makeRole(iam, 'Plain', trustOf('ada'), listPools)
  })
  afterEach(() => server.clock.thaw())

  const assume = async (role: string, signer = ada, DurationSeconds?: number) => {
    const RoleArn = `arn:aws:iam::${server.accountId}:role/${role}`
    const { Credentials } = await stsClient(server, signer).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'walk', DurationSeconds }),
    )
    return { signer: signerOf(Credentials), expiresAt: expiryOf(Credentials) }
  }
  const sessionOf = async (signer: Credentials) =>
    signerOf((await stsClient(server, signer).send(new GetSessionTokenCommand({}))).Credentials)
  const federatedBy = async (signer: Credentials) => {
    const input = { Name: 'mars', Policy: policy({ Action: '*' }) }
    return signerOf((await stsClient(server, signer).send(new GetFederationTokenCommand(input))).Credentials)
  }
  const pools = (signer: Credentials) => poolsClient(server, signer).send(new ListUserPoolsCommand({ MaxResults: 1 }))
  const deleteRole = async (RoleName: string) => {
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'inline' }))
    await iam.send(new DeleteRoleCommand({ RoleName }))
  }

  it('end at their Expiration, with a text that only the holder of the key gets', async () => {
    server.clock.freeze()
    const { signer, expiresAt } = await assume('Plain', ada, 900)
    server.clock.advance(expiresAt - server.clock.now() - 1)
    await identityOf(server, signer)
    await pools(signer)
    server.clock.advance(1)
    await expectRefusal(identityOf(server, signer), ...EXPIRED)
    await expectRefusal(pools(signer), 'ExpiredTokenException', EXPIRED[1])
    await expectRefusal(identityOf(server, { ...signer, secretAccessKey: 'x' }), 'SignatureDoesNotMatch')
  })

  it('of a role end with it, also when the role is created again', async () => {
    await makeRole(iam, 'Passing', trustOf('ada'), listPools)
    const { signer } = await assume('Passing')
    await pools(signer)
    await deleteRole('Passing')
    await expectRefusal(identityOf(server, signer), ...INVALID)
    await expectRefusal(pools(signer), 'UnrecognizedClientException', INVALID[1])
    await makeRole(iam, 'Passing', trustOf('ada'), listPools)
    await expectRefusal(identityOf(server, signer), ...INVALID)
    await pools((await assume('Passing')).signer)
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'Passing' }))
    expect(Role?.Arn).toMatch(/role\/Passing$/)
  })

  it('of a user end with the user; those of roles do not', async () => {
    const bea = await makeIamUser(iam, 'bea')
    const cleo = await makeIamUser(iam, 'cleo', { Action: 'sts:GetFederationToken' })
    await makeRole(iam, 'Kept', trustOf('bea'), listPools)
    const own = await sessionOf(bea)
    const { signer } = await assume('Kept', bea)
    const mars = await federatedBy(cleo)
    for (const each of [own, signer, mars]) await identityOf(server, each)
    for (const UserName of ['bea', 'cleo']) {
      const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }))
      for (const { AccessKeyId } of AccessKeyMetadata)
        await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }))
      // The session belongs to the user, not to the access key.
      await identityOf(server, UserName === 'bea' ? own : mars)
      if (UserName === 'cleo') {
        await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'inline' }))
      }
      await iam.send(new DeleteUserCommand({ UserName }))
    }
    await expectRefusal(identityOf(server, own), ...INVALID)
    await expectRefusal(identityOf(server, mars), ...INVALID)
    await makeIamUser(iam, 'bea')
    await expectRefusal(identityOf(server, own), ...INVALID)
    await pools(signer)
  })

  it('of a role are revoked by a Deny for those issued before', async () => {
    await makeRole(iam, 'Revoked', trustOf('ada'), listPools)
    const { signer } = await assume('Revoked')
    await pools(signer)
    server.clock.advance(2000)
    const now = new Date(server.clock.now()).toISOString()
    const PolicyDocument = policy({
      Effect: 'Deny',
      Action: '*',
      Condition: { DateLessThan: { 'aws:TokenIssueTime': now } },
    })
    await iam.send(
      new PutRolePolicyCommand({ RoleName: 'Revoked', PolicyName: 'AWSRevokeOlderSessions', PolicyDocument }),
    )
    await expectRefusal(pools(signer), 'AccessDeniedException', /with an explicit deny in an identity-based policy$/)
    server.clock.advance(2000)
    await pools((await assume('Revoked')).signer)
  })

  it('stay valid when the trust policy changes; no new ones are issued', async () => {
    const { signer } = await assume('Plain')
    await makeIamUser(iam, 'dora')
    const PolicyDocument = policy({ Action: 'sts:AssumeRole', ...trustOf('dora') })
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'Plain', PolicyDocument }))
    await pools(signer)
    // ada is allowed everything, but the trust policy has to allow as well.
    await expectRefusal(assume('Plain'), 'AccessDenied', /sts:AssumeRole on resource/)
    const again = policy({ Action: 'sts:AssumeRole', ...trustOf('ada') })
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'Plain', PolicyDocument: again }))
  })

  it('are refused when key, secret and token are not of one session', async () => {
    const [one, other] = [(await assume('Plain')).signer, (await assume('Plain')).signer]
    const { sessionToken } = one
    const flipped = (at: number) =>
      `${sessionToken.slice(0, at)}${sessionToken[at] === 'A' ? 'B' : 'A'}${sessionToken.slice(at + 1)}`
    for (const token of [
      ...[0, 8, 50, Math.floor(sessionToken.length / 2), sessionToken.length - 2].map(flipped),
      other.sessionToken,
      sessionToken.slice(0, -4),
      `${sessionToken}AAAA`,
      'AAAA',
      '__proto__',
      'x'.repeat(8193),
    ])
      await expectRefusal(identityOf(server, { ...one, sessionToken: token }), ...INVALID)
    // A temporary key without its token, and a key of a user or the root with one.
    const { accessKeyId, secretAccessKey } = one
    await expectRefusal(identityOf(server, { accessKeyId, secretAccessKey }), ...INVALID)
    await expectRefusal(identityOf(server, { ...ada, sessionToken }), ...INVALID)
    await expectRefusal(identityOf(server, { ...server.credentials, sessionToken }), ...INVALID)
    await expectRefusal(identityOf(server, { ...one, secretAccessKey: other.secretAccessKey }), 'SignatureDoesNotMatch')
    await identityOf(server, one)
  })
})

describe.each(engines)('sessions across processes on %s', (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'cognomen-sessions-'))
  const servers: TestServer[] = []
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()))
    rmSync(folder, { recursive: true, force: true })
  })

  // Without an address the database is a file in DATA_DIR.
  const databaseOf = async (engine: Engine) => (engine === 'postgres' ? await postgresUrl() : undefined)
  const startOn = async (DATABASE_URL: string | undefined, COGNOMEN_MASTER_KEY: string, more: Environment = {}) => {
    const env = { DATABASE_URL, COGNOMEN_MASTER_KEY, DATA_DIR: folder, ...more }
    const server = await startTestServer({ env })
    servers.push(server)
    return server
  }

  it('a session survives a restart, and another process with the same master key accepts it', async () => {
    const url = await databaseOf(engine)
    const masterKey = randomBytes(32).toString('base64')
    const first = await startOn(url, masterKey)
    const iam = iamClient(first)
    const ada = await makeIamUser(iam, 'ada')
    const RoleArn = await makeRole(iam, 'Plain', { Principal: { AWS: `arn:aws:iam::${first.accountId}:user/ada` } })
    const { Credentials } = await stsClient(first, ada).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'walk' }),
    )
    const root = await stsClient(first).send(new GetSessionTokenCommand({}))
    const signer = signerOf(Credentials)
    const expected = await identityOf(first, signer)
    // SQLite belongs to one process at a time.
    if (engine === 'sqlite') await servers.pop()?.stop()
    const second = await startOn(url, masterKey)
    expect(await identityOf(second, signer)).toEqual(expected)
    expect((await identityOf(second, signerOf(root.Credentials))).Arn).toMatch(/:root$/)
    // A deletion by one process is seen by the other within the second that its cache may be old.
    await iamClient(second).send(new DeleteRoleCommand({ RoleName: 'Plain' }))
    await expectRefusal(identityOf(second, signer), ...INVALID)
    if (engine === 'postgres') {
      first.clock.advance(1001)
      await expectRefusal(identityOf(first, signer), ...INVALID)
    }
  })

  it('a session survives a rotation of the master key while the previous one is configured', async () => {
    const url = await databaseOf(engine)
    const [old, current] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')]
    const first = await startOn(url, old)
    const { Credentials } = await stsClient(first).send(new GetSessionTokenCommand({}))
    await servers.pop()?.stop()
    const second = await startOn(url, current, { COGNOMEN_PREVIOUS_MASTER_KEYS: old })
    await identityOf(second, signerOf(Credentials))
  })

  it('a session is refused under another master key', async () => {
    const first = await startOn(await databaseOf(engine), randomBytes(32).toString('base64'))
    const { Credentials } = await stsClient(first).send(new GetSessionTokenCommand({}))
    const other = await startTestServer({ engine: 'sqlite' })
    servers.push(other)
    await identityOf(first, signerOf(Credentials))
    await expectRefusal(identityOf(other, signerOf(Credentials)), ...INVALID)
  })
})
