import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  GetIdentityPoolConfigurationCommand,
  SetIdentityPoolConfigurationCommand,
  type SetIdentityPoolConfigurationCommandInput,
} from '@aws-sdk/client-cognito-sync'
import { describe, expect, it } from 'vitest'
import { syncClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser } from '../../../test/iam.ts'
import { useParts } from '../../../test/parts.ts'
import { applicationArn, ROLE, useSyncWorld } from '../../../test/sync-pool.ts'
import { findSyncPool, replaceSyncPool } from '../../datasets/sync-pool-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'streams-'))
const STREAMS_FILE = join(folder, 'streams.json')
writeFileSync(STREAMS_FILE, JSON.stringify({ changes: { file: 'changes.jsonl' } }))
const PushSync = { ApplicationArns: [applicationArn('GCM'), applicationArn('WEBPUSH')], RoleArn: ROLE }
const stream = (more: object = {}) => ({ StreamName: 'changes', RoleArn: ROLE, ...more })

describe.each(engines)('SetIdentityPoolConfiguration on %s', (engine) => {
  const server = useTestServer({ engine, env: { STREAMS_FILE } })
  const sync = useSyncWorld(server)
  const set = async (settings: Omit<SetIdentityPoolConfigurationCommandInput, 'IdentityPoolId'>) => {
    const { $metadata: _, ...answer } = await sync.admin.send(
      new SetIdentityPoolConfigurationCommand({ IdentityPoolId: sync.poolId, ...settings }),
    )
    return answer
  }
  const get = async () => {
    const { $metadata: _, ...answer } = await sync.admin.send(
      new GetIdentityPoolConfigurationCommand({ IdentityPoolId: sync.poolId }),
    )
    return answer
  }

  it('sets pushes and a stream, and answers what is set', async () => {
    const all = { PushSync, CognitoStreams: stream({ StreamingStatus: 'ENABLED' }) } as const
    expect(await set(all)).toEqual({ IdentityPoolId: sync.poolId, ...all })
    expect(await get()).toEqual({ IdentityPoolId: sync.poolId, ...all })
  })

  it('removes what is left out', async () => {
    await set({ PushSync })
    expect(await set({ CognitoStreams: stream() })).toEqual({
      IdentityPoolId: sync.poolId,
      CognitoStreams: stream({ StreamingStatus: 'DISABLED' }),
    })
    expect(await set({})).toEqual({ IdentityPoolId: sync.poolId })
    expect(await get()).toEqual({ IdentityPoolId: sync.poolId })
  })

  it.each([
    [
      'a stream that nobody takes',
      { CognitoStreams: { ...stream(), StreamName: 'others', StreamingStatus: 'ENABLED' } },
      /Stream 'others' cannot be enabled: STREAMS_FILE/,
    ],
    [
      'a stream without name',
      { CognitoStreams: { RoleArn: ROLE, StreamingStatus: 'ENABLED' } },
      /a StreamName and a RoleArn only/,
    ],
    [
      'a stream without role',
      { CognitoStreams: { StreamName: 'changes', StreamingStatus: 'ENABLED' } },
      /a StreamName and a RoleArn only/,
    ],
    ['applications without role', { PushSync: { ApplicationArns: PushSync.ApplicationArns } }, /needs a RoleArn/],
    [
      'an ARN that is no application',
      { PushSync: { ApplicationArns: ['arn:aws:sns:us-east-1:0:topic'], RoleArn: ROLE } },
      /regular expression pattern/,
    ],
    [
      'a role that is none',
      { PushSync: { ...PushSync, RoleArn: 'arn:aws:iam::000000000000:user/ada' } },
      /regular expression pattern/,
    ],
  ])('refuses %s', async (_, settings, message) => {
    await set({})
    await expectRefusal(set(settings as never), 'InvalidParameterException', message)
    expect(await get()).toEqual({ IdentityPoolId: sync.poolId })
  })

  it('refuses whoever may not pass the role', async () => {
    const setting = { Action: 'cognito-sync:SetIdentityPoolConfiguration', Resource: '*' }
    const key = await makeIamUser(sync.world.iam, 'setter', setting)
    const client = syncClient(server, key)
    const command = new SetIdentityPoolConfigurationCommand({ IdentityPoolId: sync.poolId, PushSync })
    await expectRefusal(client.send(command), 'AccessDeniedException', /iam:PassRole on resource: .*role\/Sync/)
    client.destroy()
  })

  it('is for developers, and for pools that exist', async () => {
    const { client } = await sync.guest()
    const command = (IdentityPoolId: string) => new SetIdentityPoolConfigurationCommand({ IdentityPoolId })
    await expectRefusal(client.send(command(sync.poolId)), 'NotAuthorizedException')
    const unknown = `${server.region}:00000000-0000-0000-0000-000000000000`
    await expectRefusal(
      sync.admin.send(command(unknown)),
      'ResourceNotFoundException',
      `IdentityPool '${unknown}' not found.`,
    )
  })

  it('one of two that change a pool at once is told so', async () => {
    const pool = await sync.world.makePool()
    const command = (n: number) =>
      new SetIdentityPoolConfigurationCommand({
        IdentityPoolId: pool,
        PushSync: { ApplicationArns: [applicationArn('GCM', `n${n}`)], RoleArn: ROLE },
      })
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => sync.admin.send(command(n))))
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.name] : []))
    expect(new Set([...refusals, 'ConcurrentModificationException'])).toEqual(
      new Set(['ConcurrentModificationException']),
    )
    const won = outcomes.length - refusals.length
    expect(won).toBeGreaterThan(0)
  })
})

describe.each(engines)('the row of a pool on %s', (engine) => {
  const parts = useParts(engine)
  it('is written by one of those that read it alike', async () => {
    const read = await findSyncPool(parts.db, 'us-east-1:1')
    expect(read).toEqual({ id: 'us-east-1:1', settings: {}, version: 0 })
    const write = (from: typeof read, SyncTrigger: string) => replaceSyncPool(parts.db, from, { SyncTrigger }, 1)
    expect([await write(read, 'first'), await write(read, 'second')]).toEqual([true, false])
    const again = await findSyncPool(parts.db, 'us-east-1:1')
    expect([await write(again, 'third'), await write(again, 'fourth')]).toEqual([true, false])
    expect(await findSyncPool(parts.db, 'us-east-1:1')).toEqual({
      id: 'us-east-1:1',
      settings: { SyncTrigger: 'third' },
      version: 2,
    })
  })
})
