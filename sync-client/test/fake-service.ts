// Cognito Sync and the identity pools in memory, as `fetch` for a client: the semantics of the service for one pool, without
// signatures. docs/reference/identity-pools-sts-iam-sync.md 19, 20.
interface StoredRecord {
  value: string | undefined
  count: number
  by: string
  modified: number
  deviceModified: number
}

interface StoredDataset {
  live: boolean
  count: number
  deletedAt: number
  records: Map<string, StoredRecord>
  mergedFrom?: string
}

export interface FakeService {
  readonly fetch: typeof fetch
  /** The datasets of each identity. */
  readonly identities: Map<string, Map<string, StoredDataset>>
  /** Time of the service in ms. */
  now: number
  /** Asked for each push before it is applied; a text refuses it. */
  refuse: (name: string, patches: readonly { Key: string; Value?: string }[]) => string | undefined
  /** Requests of Cognito Sync so far: method and what is below the identity. */
  readonly requests: string[]
  /** Called after each push with its dataset and count. */
  onChange: (identity: string, name: string, count: number) => void
  /** Whether there is an event stream. */
  hasStream: boolean
  /** Sends a comment over all event streams. */
  beat(): void
  /** Ends all event streams. */
  cutStreams(): void
  /** The records of a dataset that are there. */
  values(identity: string, name: string): Record<string, string>
}

class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export const POOL = 'us-east-1:11111111-2222-3333-4444-555555555555'

export function fakeService(): FakeService {
  const identities = new Map<string, Map<string, StoredDataset>>()
  const owners = new Map<string, string>()
  let made = 0

  const newIdentity = (): string => {
    const id = `us-east-1:00000000-0000-0000-0000-${String(++made).padStart(12, '0')}`
    identities.set(id, new Map())
    return id
  }

  /** Reference 20.5: the other identity's datasets, under their own names or those of merged ones. */
  function merge(from: string, to: string): void {
    const target = identities.get(to) as Map<string, StoredDataset>
    for (const [name, dataset] of identities.get(from) ?? []) {
      if (!dataset.live) continue
      if (!target.get(name)?.live)
        target.set(name, { ...dataset, count: Math.max(dataset.count, (target.get(name)?.count ?? 0) + 1) })
      else target.set(`${name}.${from}`, { ...dataset, mergedFrom: name })
    }
    identities.delete(from)
  }

  function identityCall(
    operation: string,
    { IdentityId, Logins }: { IdentityId?: string; Logins?: Record<string, string> },
  ) {
    const login = Logins && JSON.stringify(Logins)
    if (login === '{"provider":"bad"}') throw new Refusal(400, 'NotAuthorizedException', 'Invalid login token.')
    const owner = login === undefined ? undefined : owners.get(login)
    if (operation === 'GetId') {
      const id = owner ?? newIdentity()
      if (login !== undefined) owners.set(login, id)
      return { IdentityId: id }
    }
    let id = IdentityId as string
    const isOwned = [...owners.values()].includes(id)
    if (login === undefined && isOwned)
      throw new Refusal(400, 'NotAuthorizedException', `Access to Identity '${id}' is forbidden.`)
    if (login !== undefined) {
      if (owner === undefined) {
        if (isOwned) throw new Refusal(400, 'NotAuthorizedException', "Logins don't match.")
        owners.set(login, id)
      } else if (owner !== id) {
        if (isOwned) throw new Refusal(400, 'NotAuthorizedException', "Logins don't match.")
        merge(id, owner)
        id = owner
      }
    }
    if (!identities.has(id)) throw new Refusal(400, 'ResourceNotFoundException', `Identity '${id}' not found.`)
    return {
      IdentityId: id,
      Credentials: {
        AccessKeyId: 'ASIA',
        SecretKey: 'secret',
        SessionToken: id,
        Expiration: service.now / 1000 + 3600,
      },
    }
  }

  const record = ([Key, { value, count, by, modified, deviceModified }]: [string, StoredRecord]) => ({
    Key,
    ...(value !== undefined && { Value: value }),
    SyncCount: count,
    LastModifiedBy: by,
    LastModifiedDate: modified / 1000,
    DeviceLastModifiedDate: deviceModified / 1000,
  })

  function listRecords(datasets: Map<string, StoredDataset>, name: string, since: number) {
    const dataset = datasets.get(name)
    const live = dataset?.live ?? false
    const records =
      live && dataset
        ? [...dataset.records].filter(([, { count, value }]) => count > since && (since > 0 || value !== undefined))
        : []
    return {
      Records: records.map(record),
      Count: records.length,
      DatasetSyncCount: dataset?.count ?? 0,
      DatasetExists: live,
      DatasetDeletedAfterRequestedSyncCount: since > 0 && since < (dataset?.deletedAt ?? 0),
      MergedDatasetNames: [...datasets]
        .filter(([, { mergedFrom, live: there }]) => there && mergedFrom === name)
        .map(([merged]) => merged),
      SyncSessionToken: `token-${name}`,
    }
  }

  interface Push {
    SyncSessionToken: string
    DeviceId: string
    RecordPatches: { Op: string; Key: string; Value?: string; SyncCount: number; DeviceLastModifiedDate: number }[]
  }

  function updateRecords(identity: string, datasets: Map<string, StoredDataset>, name: string, push: Push) {
    if (push.SyncSessionToken !== `token-${name}`)
      throw new Refusal(400, 'InvalidParameterException', 'SyncSessionToken not valid for these inputs')
    const old = datasets.get(name)
    const records = old?.live ? old.records : new Map<string, StoredRecord>()
    for (const { Op, Key, Value, SyncCount } of push.RecordPatches) {
      const there = records.get(Key)
      const value = Op === 'remove' ? undefined : Value
      if (
        SyncCount !== (there?.count ?? 0) &&
        there?.value !== value &&
        !(SyncCount === 0 && there && there.value === undefined)
      )
        throw new Refusal(
          409,
          'ResourceConflictException',
          `Current SyncCount for: ${Key} is: ${there?.count ?? 0} not: ${SyncCount}`,
        )
    }
    const refusal = service.refuse(name, push.RecordPatches)
    if (refusal !== undefined) throw new Refusal(400, 'InvalidLambdaFunctionOutputException', refusal)
    if (push.RecordPatches.length === 0) return { Records: [] }
    const count = (old?.count ?? 0) + 1
    datasets.set(name, { deletedAt: 0, ...old, live: true, count, records })
    for (const { Op, Key, Value, DeviceLastModifiedDate } of push.RecordPatches)
      records.set(Key, {
        value: Op === 'remove' ? undefined : Value,
        count,
        by: push.DeviceId,
        modified: service.now,
        deviceModified: Math.round(DeviceLastModifiedDate * 1000),
      })
    poke(identity, name, count)
    service.onChange(identity, name, count)
    const changed = push.RecordPatches.map(({ Key }) => [Key, records.get(Key)] as [string, StoredRecord])
    return { Records: changed.map(record) }
  }

  function syncCall(method: string, url: URL, body: Push | undefined) {
    const [, , pool, , id, ...rest] = url.pathname.split('/').map(decodeURIComponent)
    service.requests.push(`${method} ${rest.join('/')}`)
    const datasets = identities.get(id as string)
    if (pool !== POOL || !datasets)
      throw new Refusal(403, 'NotAuthorizedException', 'An identity may reach its own data only.')
    const [kind, name = ''] = rest
    if (kind === 'stream') {
      if (!service.hasStream) throw new Refusal(404, 'UnknownOperationException', '')
      return method === 'POST' ? { Ticket: 'ticket' } : stream(id as string)
    }
    if (method === 'POST') return updateRecords(id as string, datasets, name, body as Push)
    if (method === 'DELETE') {
      const dataset = datasets.get(name)
      if (!dataset?.live) throw new Refusal(404, 'ResourceNotFoundException', `Dataset '${name}' not found.`)
      const count = dataset.count + 1
      datasets.set(name, { live: false, count, deletedAt: count, records: new Map() })
      return { Dataset: { DatasetName: name } }
    }
    if (rest[2] === 'records') return listRecords(datasets, name, Number(url.searchParams.get('lastSyncCount')))
    return {
      Datasets: [...datasets]
        .filter(([, { live }]) => live)
        .map(([DatasetName, { records }]) => ({
          DatasetName,
          NumRecords: [...records.values()].filter(({ value }) => value !== undefined).length,
          DataStorage: [...records].reduce(
            (sum, [key, { value }]) => sum + (value === undefined ? 0 : key.length + value.length),
            0,
          ),
          LastModifiedDate: service.now / 1000,
        })),
    }
  }

  const streams = new Map<ReadableStreamDefaultController<Uint8Array>, string>()

  function stream(id: string): Response {
    let controller: ReadableStreamDefaultController<Uint8Array>
    const body = new ReadableStream<Uint8Array>({
      start(started) {
        controller = started
        streams.set(controller, id)
        for (const [name, { count }] of identities.get(id) ?? []) send(controller, name, count)
      },
      cancel: () => void streams.delete(controller),
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }

  /** In two parts, as networks do. */
  function send(controller: ReadableStreamDefaultController<Uint8Array>, datasetName: string, syncCount: number): void {
    const text = `id: 1\ndata: ${JSON.stringify({ source: 'cognito-sync', datasetName, syncCount })}\n\n`
    for (const part of [text.slice(0, 20), text.slice(20)]) controller.enqueue(new TextEncoder().encode(part))
  }

  function poke(identity: string, name: string, count: number): void {
    for (const [controller, id] of streams) if (id === identity) send(controller, name, count)
  }

  async function answer(input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> {
    const url = new URL(String(input))
    const headers = new Headers(init.headers)
    const body = init.body ? JSON.parse(String(init.body)) : undefined
    const target = headers.get('x-amz-target')
    const date = { date: new Date(service.now).toUTCString() }
    try {
      const output = target
        ? identityCall(target.split('.')[1] as string, body)
        : syncCall(init.method ?? 'GET', url, body)
      return output instanceof Response ? output : Response.json(output, { headers: date })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { status, code, message } = error
      return Response.json({ message }, { status, headers: { ...date, 'x-amzn-errortype': code } })
    }
  }

  const service: FakeService = {
    fetch: answer as typeof fetch,
    identities,
    now: 1_800_000_000_000,
    refuse: () => undefined,
    requests: [],
    onChange: () => {},
    hasStream: false,
    beat() {
      for (const controller of streams.keys()) controller.enqueue(new TextEncoder().encode(':\n\n'))
    },
    cutStreams() {
      for (const controller of streams.keys()) controller.close()
      streams.clear()
    },
    values: (identity, name) =>
      Object.fromEntries(
        [...(identities.get(identity)?.get(name)?.records ?? [])].flatMap(([key, { value }]) =>
          value === undefined || key.startsWith('_sync.') ? [] : [[key, value]],
        ),
      ),
  }
  return service
}
