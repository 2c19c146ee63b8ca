// A device as amazon-cognito-js makes one: its local records, and the steps of its `synchronize`, on the AWS SDK for JavaScript
// v2, in Node.js or in a page (docs/reference/identity-pools-sts-iam-sync.md 22.1, 22.4). Ours, because the licence of that
// package allows its use with Amazon's services alone.

/** What the app answers when it is asked. */
export interface Answers {
  /** Of a record that was changed here and there: which one stays. Without an answer the sync is given up. */
  conflict?: 'local' | 'remote'
  /** Of a dataset that was deleted elsewhere: whether it is dropped here too. */
  deleted?: boolean
  /** Of datasets that a merger brought: whether their records are taken over, where there is none, and they are deleted. */
  merged?: boolean
}

export interface Outcome {
  /** What the app was asked, in order. */
  asked: string[]
  /** How often it began anew. */
  retries: number
  /** Why it was given up; undefined for success. */
  failure: string | undefined
}

export interface OldDevice {
  /** Gets credentials; with logins, for the user they are of. Resolves with the identity. */
  signIn(logins?: Record<string, string>): Promise<string>
  put(dataset: string, key: string, value: string): void
  remove(dataset: string, key: string): void
  /** Marks the dataset as deleted; the next `synchronize` deletes it at the service. */
  deleteDataset(dataset: string): void
  all(dataset: string): Record<string, string>
  synchronize(dataset: string, answers?: Answers): Promise<Outcome>
  /** Names, records and bytes as the service has them. */
  datasets(): Promise<[name: string, records: number, bytes: number][]>
}

export interface DeviceSettings {
  endpoint: string
  region: string
  poolId: string
}

/** It refers to nothing outside of itself, so that its text can be sent to a page. `AWS`: the SDK. */
// biome-ignore lint/suspicious/noExplicitAny: the SDK's global is another object in a page
export function oldSyncDevice(AWS: any, { endpoint, region, poolId }: DeviceSettings): OldDevice {
  interface LocalRecord {
    value: string | null
    syncCount: number
    modified: boolean
    changedAt: Date
  }
  interface Local {
    records: Map<string, LocalRecord>
    lastSyncCount: number
  }
  interface RemoteRecord {
    Key: string
    Value?: string
    SyncCount: number
  }
  interface RecordPage {
    Records: RemoteRecord[]
    NextToken: string | null
    DatasetSyncCount: number
    DatasetDeletedAfterRequestedSyncCount: boolean
    MergedDatasetNames?: string[]
    SyncSessionToken: string
  }
  const MAX_RETRIES = 3
  const locals = new Map<string, Local>()
  const service = { endpoint, region, maxRetries: 0 }
  let credentials = new AWS.CognitoIdentityCredentials({ IdentityPoolId: poolId }, service)
  let sync = new AWS.CognitoSync({ ...service, credentials })

  const named = () => ({ IdentityPoolId: poolId, IdentityId: credentials.identityId })
  const localOf = (dataset: string): Local => {
    const found = locals.get(dataset) ?? { records: new Map<string, LocalRecord>(), lastSyncCount: 0 }
    locals.set(dataset, found)
    return found
  }
  const change = (dataset: string, key: string, value: string | null): void => {
    const { records } = localOf(dataset)
    const syncCount = records.get(key)?.syncCount ?? 0
    records.set(key, { value, syncCount, modified: true, changedAt: new Date() })
  }
  const store = (local: Local, remote: readonly RemoteRecord[]): void => {
    for (const { Key, Value = null, SyncCount } of remote)
      local.records.set(Key, { value: Value, syncCount: SyncCount, modified: false, changedAt: new Date() })
  }

  async function pull(DatasetName: string, LastSyncCount: number) {
    const records: RemoteRecord[] = []
    let NextToken: string | null = null
    for (;;) {
      const input: object = { ...named(), DatasetName, LastSyncCount, MaxResults: 1024, NextToken }
      const page: RecordPage = await sync.listRecords(input).promise()
      records.push(...page.Records)
      NextToken = page.NextToken
      if (!NextToken)
        return {
          records,
          count: page.DatasetSyncCount,
          deleted: page.DatasetDeletedAfterRequestedSyncCount,
          merged: page.MergedDatasetNames ?? [],
          token: page.SyncSessionToken,
        }
    }
  }

  async function push(DatasetName: string, local: Local, SyncSessionToken: string): Promise<void> {
    const RecordPatches = [...local.records]
      .filter(([, { modified }]) => modified)
      .map(([Key, { value, syncCount, changedAt }]) => ({
        Key,
        Op: value ? 'replace' : 'remove',
        SyncCount: syncCount,
        DeviceLastModifiedDate: changedAt,
        Value: value,
      }))
    if (RecordPatches.length === 0) return
    const { Records } = await sync.updateRecords({ ...named(), DatasetName, SyncSessionToken, RecordPatches }).promise()
    store(local, Records)
    local.lastSyncCount = Math.max(...Records.map(({ SyncCount }: RemoteRecord) => SyncCount))
  }

  /** Takes over what a merged dataset has, and deletes it. */
  async function takeOver(dataset: string, merged: string): Promise<void> {
    const { records } = localOf(dataset)
    for (const { Key, Value } of (await pull(merged, 0)).records)
      if (Value && !records.get(Key)?.value) change(dataset, Key, Value)
    await sync.deleteDataset({ ...named(), DatasetName: merged }).promise()
  }

  async function attempt(dataset: string, answers: Answers, asked: string[]): Promise<'done' | 'again'> {
    const local = localOf(dataset)
    if (local.lastSyncCount === -1) {
      await sync.deleteDataset({ ...named(), DatasetName: dataset }).promise()
      locals.delete(dataset)
      return 'done'
    }
    const remote = await pull(dataset, local.lastSyncCount)
    if (remote.merged.length > 0) {
      asked.push(`merged ${remote.merged.join(' ')}`)
      if (!answers.merged) throw new Error('Cancelled due to .onDatasetsMerged result.')
      for (const name of remote.merged) await takeOver(dataset, name)
      return 'again'
    }
    if (remote.deleted) {
      asked.push(`deleted ${dataset}`)
      if (!answers.deleted) throw new Error('Cancelled due to .onDatasetDeleted result.')
      locals.delete(dataset)
      return 'again'
    }
    const conflicts = remote.records.filter(({ Key, Value = null }) => {
      const mine = local.records.get(Key)
      return mine?.modified && mine.value !== Value
    })
    if (conflicts.length > 0) {
      asked.push(`conflict ${conflicts.map(({ Key }) => Key).join(' ')}`)
      if (!answers.conflict) throw new Error('Sync cancelled. Conflict callback returned false.')
      if (answers.conflict === 'remote') store(local, conflicts)
      else for (const { Key, SyncCount } of conflicts) (local.records.get(Key) as LocalRecord).syncCount = SyncCount
      await push(dataset, local, remote.token)
      return 'again'
    }
    if (remote.records.length > 0) {
      store(local, remote.records)
      local.lastSyncCount = remote.count
      return 'again'
    }
    return push(dataset, local, remote.token).then(
      () => 'done' as const,
      // Likely a concurrent change.
      () => 'again' as const,
    )
  }

  return {
    async signIn(Logins) {
      if (Logins) {
        const { identityId: IdentityId } = credentials
        credentials = new AWS.CognitoIdentityCredentials({ IdentityPoolId: poolId, IdentityId, Logins }, service)
      }
      await credentials.getPromise()
      sync = new AWS.CognitoSync({ ...service, credentials })
      return credentials.identityId
    },
    put: (dataset, key, value) => change(dataset, key, value),
    remove: (dataset, key) => change(dataset, key, null),
    deleteDataset(dataset) {
      localOf(dataset).lastSyncCount = -1
    },
    all: (dataset) =>
      Object.fromEntries(
        [...localOf(dataset).records].flatMap(([key, { value }]) => (value === null ? [] : [[key, value]])),
      ),
    async synchronize(dataset, answers = {}) {
      const asked: string[] = []
      for (let retries = 0; retries <= MAX_RETRIES; retries++) {
        try {
          if ((await attempt(dataset, answers, asked)) === 'done') return { asked, retries, failure: undefined }
        } catch (error) {
          return { asked, retries, failure: (error as Error).message }
        }
      }
      return { asked, retries: MAX_RETRIES, failure: 'Synchronized failed: exceeded maximum retry count.' }
    },
    async datasets() {
      const found: [string, number, number][] = []
      let NextToken: string | null = null
      do {
        const page: { Datasets: Record<string, never>[]; NextToken: string | null } = await sync
          .listDatasets({ ...named(), MaxResults: 64, NextToken })
          .promise()
        for (const { DatasetName, NumRecords, DataStorage } of page.Datasets)
          found.push([DatasetName as never, NumRecords as never, DataStorage as never])
        NextToken = page.NextToken
      } while (NextToken)
      return found
    },
  }
}
