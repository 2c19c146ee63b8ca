// Event streams of Cognito Sync for tests: a ticket by a signed call, and a reader of what comes.
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { cognitoSyncModel } from '../src/contract/cognito-sync.model.ts'
import type { Credentials } from './aws-clients.ts'
import { type Answer, sendRaw, signed, type Target } from './refusals/raw-request.ts'

export interface Named {
  readonly IdentityPoolId: string
  readonly IdentityId: string
}

export const streamPath = ({ IdentityPoolId, IdentityId }: Named): string =>
  `/identitypools/${encodeURIComponent(IdentityPoolId)}/identities/${encodeURIComponent(IdentityId)}/stream`

/** CreateStreamTicket, which no SDK has. */
export function createTicket(
  target: Target,
  named: Named,
  credentials: Credentials = target.credentials,
): Promise<Answer> {
  const call = {
    method: 'POST',
    path: streamPath(named),
    headers: [['host', new URL(target.url).host]] as const,
    body: '',
  }
  const headers = signed(target, call, { credentials, service: cognitoSyncModel.signingName })
  return sendRaw(target, { ...call, headers })
}

/** The ticket alone; throws an error of the name and text of a refusal, as an SDK would. */
export async function ticketFor(target: Target, named: Named, credentials?: Credentials): Promise<string> {
  const { status, json, text } = await createTicket(target, named, credentials)
  if (status !== 200)
    throw Object.assign(new Error(json.message ?? String(json['Message'] ?? text)), { name: json.__type })
  return json['Ticket'] as string
}

/** What a stream says of a dataset. */
export interface Poke {
  source: string
  identityPoolId: string
  identityId: string
  datasetName: string
  syncCount: number
}

export interface StreamReader {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** The body of a refusal. */
  readonly text: Promise<string>
  /** The id that EventSource would send back now. */
  readonly lastEventId: string
  /** The next poke; rejects when the stream ends first. */
  next(): Promise<Poke>
  /** Name and count of the next so many pokes. */
  take(count: number): Promise<[name: string, syncCount: number][]>
  /** Resolves with the next comment. */
  comment(): Promise<void>
  /** Resolves when an id has come, after what the reader had missed. */
  begun(): Promise<void>
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>
  close(): void
}

export interface ReadOptions {
  lastEventId?: string
  headers?: Record<string, string>
}

/** Opens a stream with a ticket and reads it as EventSource does. */
export function readStream(
  { url }: Pick<Target, 'url'>,
  named: Named,
  ticket: string,
  { lastEventId, headers = {} }: ReadOptions = {},
): Promise<StreamReader> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${streamPath(named)}?ticket=${encodeURIComponent(ticket)}`, {
      agent: false,
      headers: { accept: 'text/event-stream', ...headers, ...(lastEventId && { 'last-event-id': lastEventId }) },
    })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => resolve(readerOf(outgoing, incoming)))
    outgoing.end()
  })
}

function readerOf(outgoing: ClientRequest, incoming: IncomingMessage): StreamReader {
  const pokes = queue<Poke>()
  const comments = queue<void>()
  const ids = queue<string>()
  let lastEventId = ''
  let whole = ''
  let rest = ''
  const readBlock = (block: string): void => {
    const data: string[] = []
    for (const line of block.split('\n')) {
      const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? []
      if (field === '') comments.put()
      if (field === 'id') {
        lastEventId = value
        ids.put(value)
      }
      if (field === 'data') data.push(value)
    }
    if (data.length > 0) pokes.put(JSON.parse(data.join('\n')) as Poke)
  }
  const ended = new Promise<void>((resolve) => {
    incoming.setEncoding('utf8')
    incoming.on('data', (text: string) => {
      whole += text
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop() ?? ''
      if (incoming.statusCode === 200) for (const block of blocks) readBlock(block)
    })
    incoming.on('error', () => undefined)
    incoming.on('close', () => {
      for (const one of [pokes, comments, ids]) one.end()
      resolve()
    })
  })
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    text: ended.then(() => whole),
    get lastEventId() {
      return lastEventId
    },
    next: pokes.take,
    async take(count) {
      const taken: [string, number][] = []
      while (taken.length < count) {
        const { datasetName, syncCount } = await pokes.take()
        taken.push([datasetName, syncCount])
      }
      return taken
    },
    comment: comments.take,
    begun: async () => void (await ids.take()),
    ended,
    close: () => outgoing.destroy(),
  }
}

/** Values in their order, for whoever waits for them. */
function queue<Value>() {
  const values: Value[] = []
  const waiting: { resolve(value: Value): void; reject(error: Error): void }[] = []
  let over = false
  return {
    put(value: Value): void {
      const next = waiting.shift()
      if (next) next.resolve(value)
      else values.push(value)
    },
    take: (): Promise<Value> =>
      new Promise((resolve, reject) => {
        if (values.length > 0) resolve(values.shift() as Value)
        else if (over) reject(new Error('The stream has ended.'))
        else waiting.push({ resolve, reject })
      }),
    end(): void {
      over = true
      for (const { reject } of waiting.splice(0)) reject(new Error('The stream has ended.'))
    },
  }
}
