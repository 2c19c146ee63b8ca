// The service as this client calls it: credentials of an identity pool, signed calls of Cognito Sync, the event stream.
// docs/reference/identity-pools-sts-iam-sync.md 4, 19, 20.
import type { Known } from './engine.ts'
import { identityChanged, SyncError } from './errors.ts'
import type { Patch } from './exchange.ts'
import { later } from './live.ts'
import { type Credentials, percent, sign } from './signer.ts'
import { decode, encode } from './values.ts'

/** Provider names and tokens, as GetId takes them. */
export type Logins = Readonly<Record<string, string>>

export interface ServiceOptions {
  /** Where Cognomen is; AWS when absent. */
  readonly endpoint?: string | undefined
  readonly identityPoolId: string
  /** The part of `identityPoolId` before the colon when absent. */
  readonly region?: string | undefined
  /** Instead of the global one. */
  readonly fetch?: typeof fetch | undefined
  /** Time in ms, instead of Date.now. */
  readonly now?: (() => number) | undefined
}

/** Who the credentials of a call are for. */
export interface Identity {
  readonly id: string
  /** Nobody has signed in. */
  readonly guest: boolean
}

export interface Listed {
  readonly count: number
  readonly records: ReadonlyMap<string, Known>
  readonly token: string
  /** Datasets of other identities that were merged into this one. */
  readonly merged: readonly string[]
  /** What is known of older counts is void. */
  readonly void: boolean
}

export interface DatasetInfo {
  readonly name: string
  readonly records: number
  /** UTF-8 bytes of keys and values. */
  readonly bytes: number
  readonly modified: Date
}

export interface Poke {
  readonly datasetName: string
  readonly syncCount: number
}

/** What the service answers; only the members that are read matter. */
// biome-ignore lint/suspicious/noExplicitAny: the names and types of members are the service's.
type Answer = any

type Session = Credentials & Identity & { readonly expires: number }

const WRONG_CLOCK_MS = 60_000
const REFRESH_EARLY_MS = 300_000
const ANSWER_WITHIN_MS = 20_000
/** An event stream of which nothing is heard is dead: the service sends a comment every 15 to 25 seconds. */
const SILENT_MS = 60_000

export type Service = ReturnType<typeof createService>

export function createService(options: ServiceOptions) {
  const { endpoint, identityPoolId, now: clock = Date.now } = options
  const region = options.region ?? (identityPoolId.split(':')[0] as string)
  const host = (service: string) => (endpoint ?? `https://${service}.${region}.amazonaws.com`).replace(/\/$/, '')
  const fetcher: typeof fetch = (...args) => (options.fetch ?? fetch)(...args)
  /** How far the server's clock is ahead. */
  let ahead = 0
  let identity: Identity | undefined
  let logins: Logins | (() => Logins | Promise<Logins>) | undefined
  let session: Promise<Session> | undefined
  let scope: string | undefined
  /** Raised when somebody signs in or out. */
  let era = 0

  const now = (): number => clock() + ahead

  async function send(url: URL, init: RequestInit): Promise<Response> {
    let answer: Response
    try {
      answer = await fetcher(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), ...init })
    } catch (cause) {
      throw noAnswer(cause)
    }
    // Signatures are good for five minutes: a device whose clock is wrong signs with the service's.
    const date = Date.parse(answer.headers.get('date') ?? '')
    if (Math.abs(date - now()) > WRONG_CLOCK_MS) ahead = date - clock()
    if (answer.ok) return answer
    const text = await answer.text().catch(() => '')
    let body: { __type?: string; message?: string; Message?: string } = {}
    try {
      body = JSON.parse(text)
    } catch {}
    const code = (answer.headers.get('x-amzn-errortype') ?? body.__type ?? 'UnknownError').replace(/:.*|.*#/g, '')
    throw new SyncError(code, body.message ?? body.Message ?? text, { status: answer.status })
  }

  const jsonOf = (answer: Response): Promise<Answer> =>
    answer.json().catch((cause) => {
      throw noAnswer(cause)
    })

  async function identityCall(operation: string, body: object): Promise<Answer> {
    const answer = await send(new URL(host('cognito-identity')), {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityService.${operation}`,
      },
      body: JSON.stringify(body),
    })
    return jsonOf(answer)
  }

  /** Credentials of who is signed in when they come: who was when they were asked for may have gone. */
  async function open(): Promise<Session> {
    const begun = era
    const given = await ask().catch((error) => {
      if (begun === era) throw error
    })
    if (begun !== era || !given) return credentials()
    const { id, guest } = given
    identity = { id, guest }
    return given
  }

  async function ask(): Promise<Session> {
    const Logins = typeof logins === 'function' ? await logins() : logins
    const withLogins = Logins && { Logins }
    const getId = async () =>
      (await identityCall('GetId', { IdentityPoolId: identityPoolId, ...withLogins })).IdentityId
    const credentialsOf = (IdentityId: string) =>
      identityCall('GetCredentialsForIdentity', { IdentityId, ...withLogins })
    const given = await credentialsOf(identity?.id ?? (await getId())).catch(async (error) => {
      // An identity that is gone, or that of somebody who was signed in before: ask for the right one. The data of
      // somebody who is signed in are not left without a word.
      const isOther = error.code === 'ResourceNotFoundException' || (Logins && error.code === 'NotAuthorizedException')
      if (!identity || !isOther) throw error
      return credentialsOf(await getId())
    })
    const { AccessKeyId, SecretKey, SessionToken, Expiration } = given['Credentials']
    return {
      id: given['IdentityId'],
      guest: !Logins,
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretKey,
      sessionToken: SessionToken,
      expires: Expiration * 1000,
    }
  }

  /** Credentials that are good for five minutes more; several callers at once wait for one request. */
  async function credentials(): Promise<Session> {
    const opened = session ?? renew()
    const found = await opened
    return found.expires > now() + REFRESH_EARLY_MS ? found : session === opened ? renew() : credentials()
  }

  function renew(): Promise<Session> {
    const opening = open()
    session = opening
    opening.catch(() => {
      if (session === opening) session = undefined
    })
    return opening
  }

  /** The address of an identity, or of what is below it. */
  const urlOf = (id: string, path: string): URL =>
    new URL(`${host('cognito-sync')}/identitypools/${percent(identityPoolId)}/identities/${percent(id)}${path}`)

  /** A signed call below the identity. Rejects with IdentityChanged when it is not the one that the caller works for. */
  async function call(
    method: string,
    path: string,
    query: Record<string, unknown> = {},
    body?: object,
  ): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      const opened = await credentials()
      if (opened.id !== scope) throw identityChanged()
      const url = urlOf(opened.id, path)
      url.search = Object.keys(query)
        .filter((name) => query[name] !== undefined)
        .sort()
        .map((name) => `${name}=${percent(String(query[name]))}`)
        .join('&')
      const text = body ? JSON.stringify(body) : ''
      const headers = await sign({ method, url, body: text, region, service: 'cognito-sync' }, opened, now())
      try {
        return await jsonOf(
          await send(url, {
            method,
            headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
            ...(body && { body: text }),
          }),
        )
      } catch (error) {
        const { code } = error as SyncError
        const stale = /^(ExpiredToken|UnrecognizedClient|InvalidSignature)/.test(code)
        if (!stale || attempt > 0) throw error
        // Credentials that ended early, or a clock that was wrong until this answer.
        if (!code.startsWith('InvalidS')) session = undefined
      }
    }
  }

  /** The answers of all pages of a list, one after the other. */
  async function* pages(path: string, query: Record<string, unknown>): AsyncGenerator<Answer> {
    let nextToken: string | undefined
    do {
      const answer = await call('GET', path, { ...query, nextToken })
      nextToken = answer.NextToken ?? undefined
      yield answer
    } while (nextToken)
  }

  const dataset = (name: string): string => `/datasets/${percent(name)}`

  return {
    now,
    get identity() {
      return identity
    },
    /** The identity that was known at an earlier start. */
    set identity(known: Identity | undefined) {
      identity = known
      session = undefined
      era++
    },
    get logins() {
      return logins
    },
    /** Signs in with these logins from now on; without them as a guest. */
    set logins(given: Logins | (() => Logins | Promise<Logins>) | undefined) {
      logins = given
      session = undefined
      era++
    },
    credentials,
    /** The identity that the caller works for. */
    set scope(id: string) {
      scope = id
    },

    /** All records that changed after `since`, of one state of the dataset. */
    async list(name: string, since: number): Promise<Listed> {
      const records = new Map<string, Known>()
      let last: Answer
      for await (last of pages(`${dataset(name)}/records`, { lastSyncCount: since, maxResults: 1024 }))
        for (const record of last.Records ?? []) records.set(record.Key, known(record))
      const count: number = last.DatasetSyncCount ?? 0
      return {
        count,
        records,
        token: last.SyncSessionToken,
        merged: last.MergedDatasetNames ?? [],
        // A lower count: the server was set back to an earlier state.
        void: since > 0 && (last.DatasetDeletedAfterRequestedSyncCount === true || count < since),
      }
    },

    /** Pushes; the records as they are now. */
    async update(name: string, token: string, device: string, patches: readonly Patch[]): Promise<Map<string, Known>> {
      const answer = await call(
        'POST',
        dataset(name),
        {},
        {
          SyncSessionToken: token,
          DeviceId: device,
          RecordPatches: patches.map(({ key, value, count, at, word }) => ({
            Op: value === undefined ? 'remove' : 'replace',
            Key: key,
            // Not written where it is undefined.
            Value: word === undefined ? value : encode(decode(value), word),
            SyncCount: count,
            DeviceLastModifiedDate: at / 1000,
          })),
        },
      )
      return new Map((answer.Records ?? []).map((record: Answer) => [record.Key, known(record)]))
    },

    /** Deletes a dataset; one that is not there is as good. */
    async remove(name: string): Promise<void> {
      await call('DELETE', dataset(name)).catch((error) => {
        if (error.code !== 'ResourceNotFoundException') throw error
      })
    },

    async datasets(): Promise<DatasetInfo[]> {
      const found: DatasetInfo[] = []
      for await (const { Datasets = [] } of pages('/datasets', { maxResults: 64 }))
        for (const { DatasetName, NumRecords, DataStorage, LastModifiedDate } of Datasets)
          found.push({
            name: DatasetName,
            records: NumRecords,
            bytes: DataStorage,
            modified: new Date(LastModifiedDate * 1000),
          })
      return found
    },

    /** Messages of the event stream until it ends or is aborted (docs/behaviour/sync-streams.md). */
    async stream(signal: AbortSignal, onOpen: () => void, onPoke: (poke: Poke) => void): Promise<void> {
      const { Ticket } = await call('POST', '/stream', {}, {})
      const { id } = await credentials()
      const { body } = await send(urlOf(id, `/stream?ticket=${percent(Ticket)}`), {
        signal,
        headers: { accept: 'text/event-stream' },
        cache: 'no-store',
      })
      if (!body) return
      onOpen()
      const reader = body.pipeThrough(new TextDecoderStream()).getReader()
      let rest = ''
      for (;;) {
        const timer = later(() => void reader.cancel().catch(() => {}), SILENT_MS)
        const { value, done } = await reader.read().finally(() => clearTimeout(timer))
        if (done) return
        const lines = (rest + value).split(/\r?\n/)
        rest = lines.pop() as string
        for (const line of lines)
          if (line.startsWith('data:'))
            try {
              onPoke(JSON.parse(line.slice(5)))
            } catch {}
      }
    },
  }
}

const noAnswer = (cause: unknown): SyncError =>
  new SyncError('NetworkError', 'The service cannot be reached.', { cause })

const known = ({ Value, SyncCount, DeviceLastModifiedDate, LastModifiedDate, LastModifiedBy }: Answer): Known => ({
  // In one form each. Old clients write an empty text for a removed key, as some servers do.
  value: Value ? encode(decode(Value)) : undefined,
  count: SyncCount,
  at: Math.round((DeviceLastModifiedDate ?? LastModifiedDate ?? 0) * 1000),
  by: LastModifiedBy ?? '',
})
