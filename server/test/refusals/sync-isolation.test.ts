// Whose datasets credentials open: an identity's are out of reach of every other identity by every operation; where a setting
// leaves that to policies, a policy for one's own data leaves them there.
import * as sync from '@aws-sdk/client-cognito-sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { cognitoSyncOperations } from '../../src/cognito-sync/operations.ts'
import { cognitoSyncModel } from '../../src/contract/cognito-sync.model.ts'
import type { StructureShape } from '../../src/contract/service-model.ts'
import { syncClient } from '../aws-clients.ts'
import { ticketFor } from '../event-streams.ts'
import { expectRefusal, type TestServer, useTestServer } from '../harness.ts'
import { policy, type Statement } from '../iam.ts'
import { identityCredentialCalls } from '../identity-credentials.ts'
import { POOL_PRINCIPAL, useIdentityWorld } from '../identity-world.ts'
import { type Device, deviceFor, deviceOf, patch } from '../sync.ts'

const membersOf = (operation: string): StructureShape['members'] => {
  const { input } = cognitoSyncModel.operations[operation] as { input: string }
  return (cognitoSyncModel.shapes[input] as StructureShape).members
}

/** The operations that name an identity. */
const operations = cognitoSyncOperations.map(({ name }) => name).filter((name) => 'IdentityId' in membersOf(name))

/** What each operation needs beside ids and the dataset. */
const MORE: Readonly<Record<string, object>> = {
  UpdateRecords: { SyncSessionToken: 'x', RecordPatches: [] },
  RegisterDevice: { Platform: 'GCM', Token: 'x' },
}

const commands: Readonly<Record<string, unknown>> = { ...sync }

/** Calls an operation about the dataset `d` of an identity. */
async function callFor(
  server: TestServer,
  client: sync.CognitoSyncClient,
  operation: string,
  ids: Device['ids'],
  more: object = {},
): Promise<unknown> {
  // The one of our own, which the SDK does not have.
  if (operation === 'CreateStreamTicket') return ticketFor(server, ids, await client.config.credentials())
  const Command = commands[`${operation}Command`] as new (input: object) => never
  const named = 'DatasetName' in membersOf(operation) ? { DatasetName: 'd' } : {}
  const device = 'DeviceId' in membersOf(operation) ? { DeviceId: 'x' } : {}
  return client.send(new Command({ ...ids, ...named, ...device, ...MORE[operation], ...more }))
}

const NOT_OWN = 'An identity may reach its own data only.'

describe('an identity', () => {
  const server = useTestServer()
  const world = useIdentityWorld(server)
  let [own, other, user] = [] as unknown as Device[]
  beforeAll(async () => {
    own = await deviceFor(server, world)
    other = await deviceFor(server, world)
    user = await deviceFor(server, world, await world.loginsOf('ada'))
    for (const device of [own, other, user]) await device.push('d', [patch('k', 'v')])
  })

  it('has operations that name one', () => {
    expect(operations).toEqual(
      expect.arrayContaining(['ListDatasets', 'ListRecords', 'UpdateRecords', 'DeleteDataset']),
    )
  })

  it.each(operations)('does not reach another identity by %s', async (operation) => {
    const { SyncSessionToken } = await deviceOf(syncClient(server), (other as Device).ids).pull('d')
    for (const device of [own, user] as Device[])
      await expectRefusal(
        callFor(server, device.client, operation, (other as Device).ids, {
          SyncSessionToken,
          RecordPatches: [patch('k', 'w', 1)],
        }),
        'NotAuthorizedException',
        NOT_OWN,
      )
    // Nor where there is none: it does not learn which there are.
    const nobody = { ...(other as Device).ids, IdentityId: 'us-east-1:00000000-0000-4000-8000-000000000000' }
    await expectRefusal(callFor(server, (own as Device).client, operation, nobody), 'NotAuthorizedException', NOT_OWN)
    expect(await (other as Device).values('d')).toEqual({ k: 'v' })
  })

  it.each(operations)('does not reach its own id in another pool by %s', async (operation) => {
    const elsewhere = { ...(own as Device).ids, IdentityPoolId: await world.makePool() }
    await expectRefusal(
      callFor(server, (own as Device).client, operation, elsewhere),
      'NotAuthorizedException',
      NOT_OWN,
    )
  })
})

describe('with SYNC_ACROSS_IDENTITIES', () => {
  const server = useTestServer({ env: { SYNC_ACROSS_IDENTITIES: 'true' } })
  const world = useIdentityWorld(server)
  let roles = 0
  /** A user with a role of these statements. */
  const withRole = async (...statements: Statement[]): Promise<Device> => {
    const name = `Role${++roles}`
    const role = await world.makeRole(name, world.poolId, 'authenticated', ...statements)
    await world.setRoles(world.poolId, undefined, { ...world.roles, authenticated: role })
    const logins = await world.loginsOf(`user-${roles}`)
    const IdentityId = await world.getId(logins)
    const signer = await identityCredentialCalls(server, world).signerOf(IdentityId, logins)
    return deviceOf(syncClient(server, signer), { IdentityPoolId: world.poolId, IdentityId })
  }
  const denied = (device: Device, operation: string, resource: string) =>
    `User: arn:aws:sts::${server.accountId}:assumed-role/Role${roles}/CognitoIdentityCredentials is not authorized to perform: cognito-sync:${operation} on resource: arn:aws:cognito-sync:${server.region}:${server.accountId}:identitypool/${device.ids.IdentityPoolId}/identity/${device.ids.IdentityId}${resource} because no identity-based policy allows the cognito-sync:${operation} action`

  it('a policy for all lets it reach others', async () => {
    const other = await withRole({ Action: '*' })
    await other.push('d', [patch('k', 'v')])
    const one = await withRole({ Action: 'cognito-sync:*' })
    const through = deviceOf(one.client, other.ids)
    expect(await through.values('d')).toEqual({ k: 'v' })
    await through.push('d', [patch('k', 'w', 1)])
    expect(await other.values('d')).toEqual({ k: 'w' })
  })

  it('a policy for its own data leaves it there', async () => {
    const other = await withRole({ Action: '*' })
    await other.push('d', [patch('k', 'v')])
    const of = (variable: string): string => `\${${POOL_PRINCIPAL}:${variable}}`
    const Resource = `arn:aws:cognito-sync:*:*:identitypool/${of('aud')}/identity/${of('sub')}*`
    expect(policy({ Action: 'cognito-sync:*', Resource })).toContain('cognito-identity.amazonaws.com:sub')
    const one = await withRole({ Action: 'cognito-sync:*', Resource })
    await one.push('d', [patch('k', 'own')])
    expect([await one.values('d'), await one.names()]).toEqual([{ k: 'own' }, ['d']])
    for (const operation of operations) {
      const named = 'DatasetName' in membersOf(operation)
      const onIdentity = ['CreateStreamTicket', 'DescribeIdentityUsage', 'RegisterDevice'].includes(operation)
      const resource = named ? '/dataset/d' : onIdentity ? '' : '/dataset/null'
      await expectRefusal(
        callFor(server, one.client, operation, other.ids),
        'AccessDeniedException',
        denied(other, operation, resource),
      )
    }
    expect(await other.values('d')).toEqual({ k: 'v' })
  })

  it('a policy for one dataset opens no other one', async () => {
    const Resource = `arn:aws:cognito-sync:*:*:identitypool/*/identity/\${${POOL_PRINCIPAL}:sub}/dataset/d`
    const one = await withRole({ Action: ['cognito-sync:ListRecords', 'cognito-sync:UpdateRecords'], Resource })
    await one.push('d', [patch('k', 'v')])
    await expectRefusal(one.pull('e'), 'AccessDeniedException', denied(one, 'ListRecords', '/dataset/e'))
    await expectRefusal(one.names(), 'AccessDeniedException', denied(one, 'ListDatasets', '/dataset/null'))
    await expectRefusal(one.delete('d'), 'AccessDeniedException', denied(one, 'DeleteDataset', '/dataset/d'))
  })
})
