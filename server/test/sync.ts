// Datasets of Cognito Sync for tests: a device with the credentials that an identity pool gave to its identity.
import {
  type CognitoSyncClient,
  type Dataset,
  DeleteDatasetCommand,
  DescribeDatasetCommand,
  ListDatasetsCommand,
  ListRecordsCommand,
  type ListRecordsCommandInput,
  type ListRecordsCommandOutput,
  UpdateRecordsCommand,
  type UpdateRecordsCommandInput,
} from '@aws-sdk/client-cognito-sync'
import type { RecordPatch, Record as SyncRecord } from '../src/contract/cognito-sync.types.ts'
import { syncClient } from './aws-clients.ts'
import type { TestServer } from './harness.ts'
import { identityCredentialCalls } from './identity-credentials.ts'
import type { IdentityWorld } from './identity-world.ts'

/** What a device that had put `value` under `key` at `count` sends: `undefined` removes it. */
export const patch = (Key: string, Value: string | undefined, SyncCount = 0): RecordPatch =>
  Value === undefined ? { Op: 'remove', Key, SyncCount } : { Op: 'replace', Key, Value, SyncCount }

export interface Device {
  readonly client: CognitoSyncClient
  /** Pool and identity, as every call names them. */
  readonly ids: { IdentityPoolId: string; IdentityId: string }
  /** ListRecords. */
  pull(
    DatasetName: string,
    LastSyncCount?: number,
    more?: Partial<ListRecordsCommandInput>,
  ): Promise<ListRecordsCommandOutput>
  /** UpdateRecords with a fresh token, unless `more` has one. */
  push(DatasetName: string, patches?: RecordPatch[], more?: Partial<UpdateRecordsCommandInput>): Promise<SyncRecord[]>
  /** The values of a dataset by key. */
  values(DatasetName: string): Promise<Record<string, string | undefined>>
  describe(DatasetName: string): ReturnType<typeof described>
  delete(DatasetName: string): ReturnType<typeof described>
  /** Names of the identity's datasets. */
  names(): Promise<(string | undefined)[]>
}

const described = async (sent: Promise<{ Dataset?: Dataset }>) => (await sent).Dataset

/** What a caller does with the datasets of an identity. */
export function deviceOf(client: CognitoSyncClient, ids: Device['ids']): Device {
  const pull: Device['pull'] = (DatasetName, LastSyncCount, more) =>
    client.send(new ListRecordsCommand({ ...ids, DatasetName, LastSyncCount, ...more }))
  return {
    client,
    ids,
    pull,
    async push(DatasetName, RecordPatches, more = {}) {
      const SyncSessionToken = more.SyncSessionToken ?? (await pull(DatasetName, 0, { MaxResults: 1 })).SyncSessionToken
      const input = { ...ids, DatasetName, RecordPatches, ...more, SyncSessionToken }
      return ((await client.send(new UpdateRecordsCommand(input))).Records ?? []) as SyncRecord[]
    },
    values: async (DatasetName) =>
      Object.fromEntries(((await pull(DatasetName)).Records ?? []).map(({ Key, Value }) => [Key, Value])),
    describe: (DatasetName) => described(client.send(new DescribeDatasetCommand({ ...ids, DatasetName }))),
    delete: (DatasetName) => described(client.send(new DeleteDatasetCommand({ ...ids, DatasetName }))),
    names: async () =>
      ((await client.send(new ListDatasetsCommand(ids))).Datasets ?? []).map(({ DatasetName }) => DatasetName),
  }
}

/** A device of a guest, or of whom the logins lead to; its identity is made when there is none. */
export async function deviceFor(
  server: TestServer,
  world: IdentityWorld,
  logins?: Record<string, string>,
  identityId?: string,
): Promise<Device> {
  const IdentityId = identityId ?? (await world.getId(logins))
  const signer = await identityCredentialCalls(server, world).signerOf(IdentityId, logins)
  return deviceOf(syncClient(server, signer), { IdentityPoolId: world.poolId, IdentityId })
}
