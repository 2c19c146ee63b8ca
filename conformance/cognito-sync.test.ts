// Cognito Sync by clients that are used as they are: the AWS SDK for JavaScript, and every AWS CLI that is installed, which is
// botocore; and the two ways in which clients write the colon of an id in a path.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { Sha256 } from '@aws-crypto/sha256-js'
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity'
import * as sdk from '@aws-sdk/client-cognito-sync'
import {
  BulkPublishCommand,
  CognitoSyncClient,
  DeleteDatasetCommand,
  DescribeDatasetCommand,
  DescribeIdentityPoolUsageCommand,
  DescribeIdentityUsageCommand,
  GetBulkPublishDetailsCommand,
  GetCognitoEventsCommand,
  GetIdentityPoolConfigurationCommand,
  ListDatasetsCommand,
  ListIdentityPoolUsageCommand,
  ListRecordsCommand,
  RegisterDeviceCommand,
  ResourceConflictException,
  ResourceNotFoundException,
  SetCognitoEventsCommand,
  SetIdentityPoolConfigurationCommand,
  SubscribeToDatasetCommand,
  UnsubscribeFromDatasetCommand,
  UpdateRecordsCommand,
} from '@aws-sdk/client-cognito-sync'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type StartedServer, startServer } from './start-server.ts'

const LONG = process.env['COGNOMEN_LONG'] !== undefined
const folders = new Set([...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin'])
const programs = [...folders].map((folder) => join(folder, 'aws')).filter((file) => existsSync(file))
const installed = [...new Map(programs.map((file) => [realpathSync(file), file])).values()].map((file) => ({
  file,
  version: execFileSync(file, ['--version'], { encoding: 'utf8' }).split(' ')[0],
}))
if (installed.length === 0) console.warn('No AWS CLI is installed (apt-get install -y awscli): it is not tried.')

interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
}

const ownData = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'cognito-sync:*',
      Resource: [
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
        'arn:aws:cognito-sync:*:*:identitypool/${cognito-identity.amazonaws.com:aud}/identity/${cognito-identity.amazonaws.com:sub}',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
        'arn:aws:cognito-sync:*:*:identitypool/${cognito-identity.amazonaws.com:aud}/identity/${cognito-identity.amazonaws.com:sub}/dataset/*',
      ],
    },
  ],
}

/** A pool that lets guests in, with the role and policy that AWS's guide names for Sync. */
async function makeGuestPool(server: StartedServer, RoleName = 'guest'): Promise<string> {
  const settings = { endpoint: server.url, region: server.region, credentials: server.credentials }
  const [pools, iam] = [new CognitoIdentityClient(settings), new IAMClient(settings)]
  try {
    const { IdentityPoolId } = await pools.send(
      new CreateIdentityPoolCommand({ IdentityPoolName: 'sync', AllowUnauthenticatedIdentities: true }),
    )
    const trust = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: 'cognito-identity.amazonaws.com' },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': IdentityPoolId } },
        },
      ],
    }
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }),
    )
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: JSON.stringify(ownData) }))
    await pools.send(
      new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: { unauthenticated: Role?.Arn as string } }),
    )
    return IdentityPoolId as string
  } finally {
    pools.destroy()
    iam.destroy()
  }
}

async function newGuest(server: StartedServer, IdentityPoolId: string) {
  const app = new CognitoIdentityClient({
    endpoint: server.url,
    region: server.region,
    signer: { sign: async (request) => request },
  })
  try {
    const { IdentityId } = await app.send(new GetIdCommand({ IdentityPoolId }))
    const { Credentials: given } = await app.send(new GetCredentialsForIdentityCommand({ IdentityId }))
    const credentials = {
      accessKeyId: given?.AccessKeyId,
      secretAccessKey: given?.SecretKey,
      sessionToken: given?.SessionToken,
    } as Credentials
    return { named: { IdentityPoolId, IdentityId: IdentityId as string }, credentials }
  } finally {
    app.destroy()
  }
}

describe.each(engines)('on %s', (engine) => {
  let server: StartedServer
  let poolId: string
  let folder: string
  const clients: CognitoSyncClient[] = []
  /** The operations that were carried out. */
  const succeeded = new Set<string>()
  const clientOf = (credentials: StartedServer['credentials'] | Credentials): CognitoSyncClient => {
    const client = new CognitoSyncClient({ endpoint: server.url, region: server.region, credentials, maxAttempts: 1 })
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args)
          succeeded.add(commandName as string)
          return answer
        },
      { step: 'initialize' },
    )
    clients.push(client)
    return client
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cognomen-sync-'))
    const STREAMS_FILE = join(folder, 'streams.json')
    await writeFile(STREAMS_FILE, JSON.stringify({ changes: { file: join(folder, 'changes.jsonl') } }))
    server = await startServer({ engine, env: { STREAMS_FILE } })
    poolId = await makeGuestPool(server)
  })
  afterAll(async () => {
    for (const client of clients) client.destroy()
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  test('the AWS SDK: the life of a dataset', async () => {
    const { named, credentials } = await newGuest(server, poolId)
    const sync = clientOf(credentials)
    const dataset = { ...named, DatasetName: 'my.data:set-1' }
    const empty = await sync.send(new ListRecordsCommand(dataset))
    expect(empty).toMatchObject({
      Records: [],
      Count: 0,
      DatasetSyncCount: 0,
      DatasetExists: false,
      DatasetDeletedAfterRequestedSyncCount: false,
      SyncSessionToken: expect.any(String),
    })
    const DeviceLastModifiedDate = new Date(1_500_000_000_123)
    const { Records } = await sync.send(
      new UpdateRecordsCommand({
        ...dataset,
        SyncSessionToken: empty.SyncSessionToken,
        DeviceId: 'device-1',
        RecordPatches: [
          { Op: 'replace', Key: 'a', Value: 'ä', SyncCount: 0, DeviceLastModifiedDate },
          { Op: 'replace', Key: 'b', Value: 'b', SyncCount: 0 },
        ],
      }),
    )
    expect(Records).toHaveLength(2)
    const listed = await sync.send(new ListRecordsCommand({ ...dataset, LastSyncCount: 0, MaxResults: 1 }))
    expect(listed).toMatchObject({ DatasetSyncCount: 1, Records: [{ Key: 'a', Value: 'ä', SyncCount: 1 }] })
    expect(listed.Records?.[0]?.DeviceLastModifiedDate).toEqual(DeviceLastModifiedDate)
    expect(listed.Records?.[0]?.LastModifiedDate).toBeInstanceOf(Date)
    const rest = await sync.send(new ListRecordsCommand({ ...dataset, NextToken: listed.NextToken }))
    expect(rest.Records?.map(({ Key }) => Key)).toEqual(['b'])

    const stale = new UpdateRecordsCommand({
      ...dataset,
      SyncSessionToken: rest.SyncSessionToken,
      RecordPatches: [{ Op: 'replace', Key: 'a', Value: 'other', SyncCount: 0 }],
    })
    const conflict = await sync.send(stale).catch((error) => error)
    expect(conflict).toBeInstanceOf(ResourceConflictException)
    expect(conflict.message).toBe('Current SyncCount for: a is: 1 not: 0')

    expect((await sync.send(new ListDatasetsCommand(named))).Datasets).toMatchObject([
      { DatasetName: 'my.data:set-1', NumRecords: 2, DataStorage: 5 },
    ])
    expect((await sync.send(new DescribeDatasetCommand(dataset))).Dataset).toMatchObject({ NumRecords: 2 })
    expect((await sync.send(new DescribeIdentityUsageCommand(named))).IdentityUsage).toMatchObject({ DatasetCount: 1 })
    await sync.send(new DeleteDatasetCommand(dataset))
    await expect(sync.send(new DescribeDatasetCommand(dataset))).rejects.toBeInstanceOf(ResourceNotFoundException)
    expect(await sync.send(new ListRecordsCommand({ ...dataset, LastSyncCount: 1 }))).toMatchObject({
      DatasetExists: false,
      DatasetDeletedAfterRequestedSyncCount: true,
    })
    const developer = clientOf(server.credentials)
    expect(
      (await developer.send(new DescribeIdentityPoolUsageCommand({ IdentityPoolId: poolId }))).IdentityPoolUsage,
    ).toMatchObject({ IdentityPoolId: poolId })
    expect((await developer.send(new ListIdentityPoolUsageCommand({}))).Count).toBeGreaterThan(0)
    await expect(sync.send(new DescribeIdentityPoolUsageCommand({ IdentityPoolId: poolId }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    })
  })

  test('the AWS SDK: devices, events, and the stream of changes', async () => {
    const { named, credentials } = await newGuest(server, poolId)
    const [sync, developer] = [clientOf(credentials), clientOf(server.credentials)]
    const pool = { IdentityPoolId: poolId }
    const RoleArn = 'arn:aws:iam::000000000000:role/Sync'
    const settings = {
      PushSync: { ApplicationArns: ['arn:aws:sns:us-east-1:000000000000:app/GCM/app'], RoleArn },
      CognitoStreams: { StreamName: 'changes', RoleArn, StreamingStatus: 'ENABLED' as const },
    }
    expect(await developer.send(new SetIdentityPoolConfigurationCommand({ ...pool, ...settings }))).toMatchObject(
      settings,
    )
    expect(await developer.send(new GetIdentityPoolConfigurationCommand(pool))).toMatchObject(settings)

    const { DeviceId } = await sync.send(new RegisterDeviceCommand({ ...named, Platform: 'GCM', Token: 'token' }))
    const subscription = { ...named, DatasetName: 'my.data:set-1', DeviceId }
    await sync.send(new SubscribeToDatasetCommand(subscription))
    await sync.send(new UnsubscribeFromDatasetCommand(subscription))

    const SyncTrigger = 'arn:aws:lambda:us-east-1:000000000000:function:sync'
    await developer.send(new SetCognitoEventsCommand({ ...pool, Events: { SyncTrigger } }))
    expect((await developer.send(new GetCognitoEventsCommand(pool))).Events).toEqual({ SyncTrigger })
    await developer.send(new SetCognitoEventsCommand({ ...pool, Events: { SyncTrigger: '' } }))
    expect((await developer.send(new GetCognitoEventsCommand(pool))).Events ?? {}).toEqual({})

    expect(await developer.send(new BulkPublishCommand(pool))).toMatchObject(pool)
    await expect
      .poll(async () => (await developer.send(new GetBulkPublishDetailsCommand(pool))).BulkPublishStatus)
      .toBe('SUCCEEDED')
  })

  test('the AWS SDK: every operation that it has was carried out', () => {
    const all = Object.keys(sdk).filter((name) => /^[A-Z]\w+Command$/.test(name))
    expect(all).toHaveLength(17)
    expect([...succeeded].sort()).toEqual(all.sort())
  })

  test.each([
    ['%3A', (id: string) => encodeURIComponent(id)],
    [':', (id: string) => id],
  ])('a path with %s in its ids, signed as it is sent', async (_, encoded) => {
    const { named, credentials } = await newGuest(server, poolId)
    const { hostname, port, host, protocol } = new URL(server.url)
    const signer = new SignatureV4({ credentials, region: server.region, service: 'cognito-sync', sha256: Sha256 })
    const path = `/identitypools/${encoded(named.IdentityPoolId)}/identities/${encoded(named.IdentityId)}/datasets/${encoded('a:b')}`
    const send = async (method: string, own: string, body?: string) => {
      const request = { method, protocol, hostname, port: Number(port), path: own, query: {}, headers: { host }, body }
      const { headers } = (await signer.sign(request as never)) as never as { headers: Record<string, string> }
      const answer = await fetch(server.url + own, { method, headers, ...(body && { body }) })
      return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
    }
    const { json } = await send('GET', `${path}/records`)
    const patch = { Op: 'replace', Key: 'k', Value: 'v', SyncCount: 0 }
    const body = JSON.stringify({ SyncSessionToken: json['SyncSessionToken'], RecordPatches: [patch] })
    expect(await send('POST', path, body)).toMatchObject({
      status: 200,
      json: { Records: [{ Key: 'k', SyncCount: 1 }] },
    })
    expect(await send('GET', path)).toMatchObject({ status: 200, json: { Dataset: { DatasetName: 'a:b' } } })
    expect(await send('DELETE', path)).toMatchObject({ status: 200 })
  })

  // A CLI starts a process for each call: in `npm test` one engine has to do.
  const clis = LONG || engine === 'sqlite' ? installed : []
  describe.skipIf(clis.length === 0).each(clis)('$version', ({ file }) => {
    /** The operations that the CLI has carried out, by its names. */
    const carriedOut = new Set<string>()
    /** Calls an operation of cognito-sync by its name in the CLI, and answers what it prints. */
    const aws = async (signer: StartedServer['credentials'] | Credentials, ...args: string[]): Promise<unknown> => {
      const sessionToken = 'sessionToken' in signer ? { AWS_SESSION_TOKEN: signer.sessionToken } : {}
      const { stdout } = await promisify(execFile)(
        file,
        ['--endpoint-url', server.url, '--region', server.region, '--output', 'json', 'cognito-sync', ...args],
        {
          env: {
            PATH: process.env['PATH'],
            HOME: process.env['HOME'],
            AWS_CONFIG_FILE: '/dev/null',
            AWS_EC2_METADATA_DISABLED: 'true',
            AWS_ACCESS_KEY_ID: signer.accessKeyId,
            AWS_SECRET_ACCESS_KEY: signer.secretAccessKey,
            ...sessionToken,
          },
        },
      )
      carriedOut.add(args[0] as string)
      return stdout.trim() === '' ? {} : JSON.parse(stdout)
    }

    test('cognito-sync: records of a guest, and usage', async () => {
      const { named, credentials } = await newGuest(server, poolId)
      const identity = ['--identity-pool-id', named.IdentityPoolId, '--identity-id', named.IdentityId]
      const dataset = [...identity, '--dataset-name', 'cli.data:set']
      const { SyncSessionToken } = (await aws(credentials, 'list-records', ...dataset)) as { SyncSessionToken: string }
      const patches = JSON.stringify([
        { Op: 'replace', Key: 'k', Value: 'v', SyncCount: 0, DeviceLastModifiedDate: 1_500_000_000 },
        { Op: 'replace', Key: 'ä/:%3A', Value: '', SyncCount: 0 },
      ])
      const token = ['--sync-session-token', SyncSessionToken]
      const update = [
        ...dataset,
        ...token,
        '--record-patches',
        patches,
        '--device-id',
        'cli',
        '--client-context',
        'e30=',
      ]
      expect(await aws(credentials, 'update-records', ...update)).toMatchObject({
        Records: [
          { Key: 'k', Value: 'v', SyncCount: 1, LastModifiedBy: 'cli' },
          { Key: 'ä/:%3A', Value: '', SyncCount: 1 },
        ],
      })
      const first = (await aws(
        credentials,
        'list-records',
        ...dataset,
        '--last-sync-count',
        '0',
        '--max-results',
        '1',
      )) as {
        Count: number
        NextToken: string
      }
      expect(first).toMatchObject({ Count: 1, Records: [{ Key: 'k' }] })
      const next = ['--last-sync-count', '0', '--next-token', first.NextToken]
      expect(await aws(credentials, 'list-records', ...dataset, ...next)).toMatchObject({
        Count: 1,
        Records: [{ Key: 'ä/:%3A', Value: '' }],
      })
      expect(await aws(credentials, 'list-datasets', ...identity)).toMatchObject({
        Datasets: [{ DatasetName: 'cli.data:set' }],
      })
      expect(await aws(credentials, 'describe-dataset', ...dataset)).toMatchObject({ Dataset: { NumRecords: 2 } })
      expect(await aws(credentials, 'describe-identity-usage', ...identity)).toMatchObject({
        IdentityUsage: { DatasetCount: 1 },
      })
      expect(await aws(server.credentials, 'list-identity-pool-usage')).toHaveProperty('IdentityPoolUsages')
      expect(
        await aws(server.credentials, 'describe-identity-pool-usage', '--identity-pool-id', poolId),
      ).toHaveProperty('IdentityPoolUsage.SyncSessionsCount')
      await expect(
        aws(credentials, 'update-records', ...dataset, '--sync-session-token', 'x', '--record-patches', '[]'),
      ).rejects.toThrow('SyncSessionToken not valid for these inputs')
      await expect(aws(credentials, 'list-datasets', ...identity.slice(0, 2), '--identity-id', poolId)).rejects.toThrow(
        'AccessDeniedException',
      )
      expect(await aws(credentials, 'delete-dataset', ...dataset)).toMatchObject({ Dataset: { NumRecords: 2 } })
    }, 300_000)

    test('cognito-sync: devices, events, and the stream of changes', async () => {
      const { named, credentials } = await newGuest(server, poolId)
      const pool = ['--identity-pool-id', poolId]
      const developer = (...args: string[]) => aws(server.credentials, ...args)
      const RoleArn = 'arn:aws:iam::000000000000:role/Sync'
      const PushSync = { ApplicationArns: ['arn:aws:sns:us-east-1:000000000000:app/GCM/app'], RoleArn }
      const CognitoStreams = { StreamName: 'changes', RoleArn, StreamingStatus: 'ENABLED' }
      const settings = ['--push-sync', JSON.stringify(PushSync), '--cognito-streams', JSON.stringify(CognitoStreams)]
      const set = await developer('set-identity-pool-configuration', ...pool, ...settings)
      expect(set).toMatchObject({ PushSync, CognitoStreams })
      expect(await developer('get-identity-pool-configuration', ...pool)).toEqual(set)

      const identity = ['--identity-pool-id', named.IdentityPoolId, '--identity-id', named.IdentityId]
      const device = ['--platform', 'GCM', '--token', 'token:of/a device']
      const { DeviceId } = (await aws(credentials, 'register-device', ...identity, ...device)) as { DeviceId: string }
      const subscription = [...identity, '--dataset-name', 'cli.data:set', `--device-id=${DeviceId}`]
      expect(await aws(credentials, 'subscribe-to-dataset', ...subscription)).toEqual({})
      expect(await aws(credentials, 'unsubscribe-from-dataset', ...subscription)).toEqual({})

      const SyncTrigger = 'arn:aws:lambda:us-east-1:000000000000:function:sync'
      await developer('set-cognito-events', ...pool, '--events', `SyncTrigger=${SyncTrigger}`)
      expect(await developer('get-cognito-events', ...pool)).toEqual({ Events: { SyncTrigger } })
      await developer('set-cognito-events', ...pool, '--events', 'SyncTrigger=')
      expect(await developer('get-cognito-events', ...pool)).toEqual({ Events: {} })

      // The SDK's test has published everything, which there is once a day.
      const details = await developer('get-bulk-publish-details', ...pool)
      expect(details).toMatchObject({ BulkPublishStatus: 'SUCCEEDED', BulkPublishStartTime: expect.anything() })
      await expect(developer('bulk-publish', ...pool)).rejects.toThrow('AlreadyStreamedException')
      const other = ['--identity-pool-id', await makeGuestPool(server, `cli-${file.replace(/\W/g, '-')}`)]
      await developer('set-identity-pool-configuration', ...other, ...settings)
      expect(await developer('bulk-publish', ...other)).toEqual({ IdentityPoolId: other[1] })
    }, 300_000)

    test('cognito-sync: every operation that the CLI has was carried out', async () => {
      const usage = await promisify(execFile)(file, ['cognito-sync', 'no-such-operation']).catch(({ stderr }) => stderr)
      const all = [
        ...(String(usage)
          .split('valid choices are:')
          .at(-1)
          ?.matchAll(/^ *([a-z-]+) *(?:\| *([a-z-]+) *)?$/gm) ?? []),
      ]
      const names = all.flatMap(([, ...pair]) => pair).filter((name) => name !== undefined && name !== 'help')
      expect(names).toHaveLength(17)
      expect([...carriedOut].sort()).toEqual(names.sort())
    })
  })
})
