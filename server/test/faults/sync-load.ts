// A write load on datasets of Cognito Sync of a server that may be killed at any moment, like write-load.ts: pushes of one and
// of many records, removals, and datasets that are deleted and made again. One writer for each dataset, so that it knows what
// must be there.
import { CognitoIdentityClient, CreateIdentityPoolCommand, GetIdCommand } from '@aws-sdk/client-cognito-identity'
import { CognitoSyncClient } from '@aws-sdk/client-cognito-sync'
import { expect } from 'vitest'
import type { StartedServer } from '../../../conformance/start-server.ts'
import { type Device, deviceOf, patch } from '../sync.ts'
import { type Load, runWriters } from './writers.ts'

type Reached = Pick<StartedServer, 'url' | 'region' | 'credentials'>

/** A developer's client of the server as it runs now. */
export const syncClientOf = ({ url, region, credentials }: Reached, maxAttempts = 1): CognitoSyncClient =>
  new CognitoSyncClient({ endpoint: url, region, credentials, maxAttempts })

/** What a dataset is known to hold: values and counts by key. */
interface State {
  records: Map<string, { value: string | undefined; count: number }>
  count: number
  exists: boolean
}

interface Ledger {
  name: string
  /** As it was acknowledged last. */
  acknowledged: State
  /** As it is if the call that was under way at the kill happened. */
  sent: State | undefined
  pushes: number
  deletions: number
}

export interface SyncLedger {
  ids: Device['ids']
  datasets: Ledger[]
  /** Acknowledged in the round that runs. */
  acknowledged: number
}

const DATASETS = 6
/** Of a push, in turn. */
const SIZES = [1, 3, 1, 40, 1, 7]

const nothing = (count = 0): State => ({ records: new Map(), count, exists: false })

/** An identity without datasets. */
export async function newSyncLedger({ url, region, credentials }: Reached): Promise<SyncLedger> {
  const identity = new CognitoIdentityClient({ endpoint: url, region, credentials })
  const { IdentityPoolId } = await identity.send(
    new CreateIdentityPoolCommand({ IdentityPoolName: 'faults', AllowUnauthenticatedIdentities: true }),
  )
  const { IdentityId } = await identity.send(new GetIdCommand({ IdentityPoolId }))
  identity.destroy()
  const names = Array.from({ length: DATASETS }, (_, i) => `d${i}`)
  return {
    ids: { IdentityPoolId: IdentityPoolId as string, IdentityId: IdentityId as string },
    datasets: names.map((name) => ({ name, acknowledged: nothing(), sent: undefined, pushes: 0, deletions: 0 })),
    acknowledged: 0,
  }
}

/** Starts the writers. */
export function startSyncLoad(client: CognitoSyncClient, ledger: SyncLedger): Load {
  ledger.acknowledged = 0
  const device = deviceOf(client, ledger.ids)
  const writers = ledger.datasets.map((dataset) => () => change(device, ledger, dataset))
  return runWriters(writers, undefined, () => ledger.acknowledged)
}

async function change(device: Device, ledger: SyncLedger, dataset: Ledger): Promise<void> {
  const turn = dataset.pushes + dataset.deletions
  if (dataset.acknowledged.exists && turn % 9 === 8) await remove(device, dataset)
  else await push(device, dataset, turn)
  ledger.acknowledged++
}

async function push(device: Device, dataset: Ledger, turn: number): Promise<void> {
  const { records, count } = dataset.acknowledged
  const size = SIZES[turn % SIZES.length] as number
  const after: State = { records: new Map(records), count: count + 1, exists: true }
  const patches = Array.from({ length: size }, (_, i) => {
    const key = `k${(turn * 5 + i) % 60}`
    const value = (turn + i) % 4 === 3 ? undefined : `${turn}.${i}`
    after.records.set(key, { value, count: after.count })
    return patch(key, value, records.get(key)?.count)
  })
  dataset.sent = after
  const changed = await device.push(dataset.name, patches)
  expect(changed.map(({ SyncCount }) => SyncCount)).toEqual(patches.map(() => after.count))
  dataset.acknowledged = after
  dataset.sent = undefined
  dataset.pushes++
}

async function remove(device: Device, dataset: Ledger): Promise<void> {
  dataset.sent = nothing(dataset.acknowledged.count + 1)
  await device.delete(dataset.name)
  dataset.acknowledged = dataset.sent
  dataset.sent = undefined
  dataset.deletions++
}

/** Every dataset is as it was acknowledged, or as the call under way has made it, as a whole. */
export async function expectDatasetsKept(client: CognitoSyncClient, ledger: SyncLedger): Promise<void> {
  const device = deviceOf(client, ledger.ids)
  for (const dataset of ledger.datasets) {
    const { acknowledged, sent } = dataset
    const pulled = await device.pull(dataset.name)
    const happened = sent !== undefined && pulled.DatasetSyncCount === sent.count
    const state = happened ? sent : acknowledged
    expect({ count: pulled.DatasetSyncCount, exists: pulled.DatasetExists }, dataset.name).toEqual({
      count: state.count,
      exists: state.exists,
    })
    const live = [...state.records].filter(([, { value }]) => value !== undefined)
    const found = (pulled.Records ?? []).map(({ Key, Value, SyncCount }) => [Key, { value: Value, count: SyncCount }])
    expect(Object.fromEntries(found), dataset.name).toEqual(Object.fromEntries(live))
    if (state.exists) {
      const storage = live.reduce((sum, [key, { value = '' }]) => sum + key.length + value.length, 0)
      expect(await device.describe(dataset.name)).toMatchObject({ NumRecords: live.length, DataStorage: storage })
    }
    dataset.acknowledged = state
    dataset.sent = undefined
  }
}
