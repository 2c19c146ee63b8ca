// Functions for Lambda triggers in each of the four ways: behind a Lambda API, as a webhook, as a module in a worker thread,
// and in this process. All are those of trigger-functions.cjs.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { Environment } from '../src/config/env.ts'
import type { TriggerHandler, TriggerHandlers } from '../src/server.ts'
import { runHandler } from '../src/triggers/ways/run-handler.ts'

export const ways = ['lambda', 'webhook', 'module', 'handler'] as const
export type Way = (typeof ways)[number]

export const WEBHOOK_KEY = 'a-key-of-webhooks-for-tests-alone'

/** `arn('module', 'refuse')`: the function `refuse` of trigger-functions.cjs, as a module. */
export const arn = (way: Way, what: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${way}-${what}`

export interface TriggerEvent {
  version: string
  triggerSource: string
  userName: string
  userPoolId: string
  region: string
  callerContext: { awsSdkVersion: string; clientId: string }
  request: Record<string, unknown>
  response: Record<string, unknown>
}

const path = new URL('./trigger-functions.cjs', import.meta.url).pathname
const functions = createRequire(import.meta.url)(path) as { seen: TriggerEvent[]; handler: TriggerHandler }

/** A call that came in by HTTP. */
export interface HttpCall {
  path: string
  headers: IncomingMessage['headers']
  body: string
}

export interface TriggerWorld {
  /** Settings and functions for a server; use them inside of hooks and tests. */
  readonly env: Environment
  readonly triggers: TriggerHandlers
  /** What the functions were asked since `forget`, by whatever way. */
  seen(): TriggerEvent[]
  forget(): void
  readonly calls: HttpCall[]
  /** What a Lambda API or webhook does instead of calling the function, if anything. */
  instead: RequestListener | undefined
}

const IN_PROCESS = [
  'answer',
  'callback',
  'done',
  'succeed',
  'fail',
  'echo',
  'refuse',
  'refuseByCallback',
  'malformed',
  'withoutResponse',
  'nothing',
  'large',
  'slow',
  'sync',
  'syncTooMuch',
  'syncOther',
]

/** For all tests of a file or `describe`. */
export function useTriggers(): TriggerWorld {
  const folder = mkdtempSync(join(tmpdir(), 'triggers-'))
  const notes = join(folder, 'notes')
  const file = join(folder, 'triggers.json')
  writeFileSync(notes, '')
  const servers: Server[] = []
  const listen = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const world: TriggerWorld = {
    env: { TRIGGERS_FILE: file, TRIGGER_WEBHOOK_KEY: WEBHOOK_KEY },
    triggers: Object.fromEntries(IN_PROCESS.map((what) => [arn('handler', what), functions.handler])),
    seen: () => [
      ...functions.seen,
      ...readFileSync(notes, 'utf8')
        .split('\n')
        .flatMap((line) => (line === '' ? [] : (JSON.parse(line) as TriggerEvent))),
    ],
    forget: () => {
      functions.seen.length = 0
      world.calls.length = 0
      writeFileSync(notes, '')
    },
    calls: [],
    instead: undefined,
  }
  /** Answers by the function's outcome. */
  const serve =
    (nameOf: (call: HttpCall) => string, refuse: (response: ServerResponse, text: string) => void): RequestListener =>
    async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const call = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() }
      world.calls.push(call)
      if (world.instead) return world.instead(request, response)
      const name = nameOf(call)
      if (name.endsWith('-crash')) return void request.socket.destroy()
      const outcome = await runHandler(functions.handler, { event: call.body, arn: name, id: 'id', timeMs: 5000 })
      if ('thrown' in outcome) refuse(response, JSON.stringify({ errorMessage: outcome.thrown, errorType: 'Error' }))
      else response.end(outcome.json ?? 'null')
    }
  beforeAll(async () => {
    const lambda = await listen(
      serve(
        ({ path }) => decodeURIComponent(path.split('/')[3] ?? ''),
        (response, text) => response.writeHead(200, { 'x-amz-function-error': 'Unhandled' }).end(text),
      ),
    )
    const webhook = await listen(
      serve(
        ({ headers }) => String(headers['cognomen-function']),
        (response, text) => response.writeHead(422, { 'content-type': 'application/json' }).end(text),
      ),
    )
    const module = { module: path, memoryMb: 32, environment: { TRIGGER_NOTES: notes } }
    const places = {
      [arn('lambda', '*')]: { lambda },
      [arn('webhook', '*')]: { webhook },
      [arn('module', '*')]: module,
    }
    writeFileSync(file, JSON.stringify(places))
  })
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  })
  return world
}
