// An identity pool with pushes and a stream, and an identity of its that calls Cognito Sync.
import {
  type CognitoSyncClient,
  type Platform,
  RegisterDeviceCommand,
  SetIdentityPoolConfigurationCommand,
  SubscribeToDatasetCommand,
} from '@aws-sdk/client-cognito-sync'
import { afterAll, beforeAll } from 'vitest'
import { syncClient } from './aws-clients.ts'
import type { TestServer } from './harness.ts'
import { identityCredentialCalls } from './identity-credentials.ts'
import { type IdentityWorld, useIdentityWorld } from './identity-world.ts'

export const ROLE = 'arn:aws:iam::000000000000:role/Sync'
export const applicationArn = (platform: string, name = 'one'): string =>
  `arn:aws:sns:us-east-1:000000000000:app/${platform}/${name}`

export interface SyncWorld {
  readonly world: IdentityWorld
  /** Signs with the administrator's key. */
  readonly admin: CognitoSyncClient
  readonly poolId: string
  /** A new guest of the pool, with a client that signs as it. */
  guest(): Promise<{ id: string; client: CognitoSyncClient }>
  /** Names applications for pushes, one for each platform. */
  setPlatforms(...platforms: string[]): Promise<void>
  /** Turns the stream on, or off. */
  setStream(StreamName: string, StreamingStatus?: 'ENABLED' | 'DISABLED'): Promise<void>
  register(guest: { id: string; client: CognitoSyncClient }, token: string, platform?: string): Promise<string>
  subscribe(guest: { id: string; client: CognitoSyncClient }, DatasetName: string, DeviceId: string): Promise<void>
}

/** For all tests of a `describe`; use it inside of tests and hooks only. */
export function useSyncWorld(server: TestServer): SyncWorld {
  const world = useIdentityWorld(server)
  const { signerOf } = identityCredentialCalls(server, world)
  const clients: CognitoSyncClient[] = []
  const made = (client: CognitoSyncClient): CognitoSyncClient => {
    clients.push(client)
    return client
  }
  let admin: CognitoSyncClient | undefined
  beforeAll(() => {
    admin = made(syncClient(server))
  })
  afterAll(() => {
    for (const client of clients) client.destroy()
  })
  const set = async (settings: object): Promise<void> => {
    await admin?.send(new SetIdentityPoolConfigurationCommand({ IdentityPoolId: world.poolId, ...settings }))
  }
  return {
    world,
    get admin() {
      return admin as CognitoSyncClient
    },
    get poolId() {
      return world.poolId
    },
    async guest() {
      const id = await world.getId()
      return { id, client: made(syncClient(server, await signerOf(id))) }
    },
    setPlatforms: (...platforms) =>
      set({ PushSync: { ApplicationArns: platforms.map((platform) => applicationArn(platform)), RoleArn: ROLE } }),
    setStream: (StreamName, StreamingStatus = 'ENABLED') =>
      set({ CognitoStreams: { StreamName, RoleArn: ROLE, StreamingStatus } }),
    async register({ id: IdentityId, client }, Token, platform = 'GCM') {
      const { DeviceId } = await client.send(
        new RegisterDeviceCommand({
          IdentityPoolId: world.poolId,
          IdentityId,
          Platform: platform as Platform,
          Token,
        }),
      )
      return DeviceId as string
    },
    async subscribe({ id: IdentityId, client }, DatasetName, DeviceId) {
      const input = { IdentityPoolId: world.poolId, IdentityId, DatasetName, DeviceId }
      await client.send(new SubscribeToDatasetCommand(input))
    },
  }
}
