// From a path to the door behind it. The AWS API reads its own bytes; all else is Hono.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { corsHeaders } from './api/cors.ts'
import { handleApi, type Path } from './api/pipeline.ts'
import { writeJsonError } from './api/protocols/aws-json.ts'
import { isRestPath } from './api/table.ts'
import type { Context } from './context.ts'
import { healthPages } from './http/health.ts'
import { BodyTooLarge, type Handler, readBody } from './http/listener.ts'
import type { ApiRequest, ApiResponse } from './http/request.ts'
import { outboxPage } from './messages/outbox-page.tsx'
import { discoveryPages } from './oauth/discovery.ts'

/** Largest body of an API request, in bytes. */
const API_BODY_LIMIT = 1024 * 1024

/** The handler of every request. */
export function openDoors(path: Path): Handler {
  const pages = getRequestListener(webPages(path.context).fetch, { overrideGlobalObjects: false })
  return (request, response) => {
    const url = request.url ?? '/'
    const mark = url.indexOf('?')
    const rawPath = mark < 0 ? url : url.slice(0, mark)
    if (rawPath === '/' || isRestPath(rawPath))
      void serveApi(path, request, response, rawPath, mark < 0 ? '' : url.slice(mark + 1))
    else void pages(request, response)
  }
}

function webPages(context: Context): Hono {
  const app = new Hono()
  app.route('/', healthPages(context))
  if (!context.config.production) app.route('/', outboxPage(context))
  app.route('/', discoveryPages(context))
  return app
}

async function serveApi(
  path: Path,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  rawPath: string,
  rawQuery: string,
): Promise<void> {
  try {
    const body = await readBody(incoming, API_BODY_LIMIT)
    const request: ApiRequest = {
      method: incoming.method ?? '',
      rawPath,
      rawQuery,
      headers: pairs(incoming.rawHeaders),
      body,
      remoteAddress: incoming.socket.remoteAddress,
    }
    send(outgoing, await handleApi(path, request))
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) return void outgoing.destroy()
    const { headers, body } = writeJsonError(
      'InvalidParameterException',
      `The request body is larger than ${API_BODY_LIMIT} bytes.`,
    )
    outgoing.shouldKeepAlive = false
    send(outgoing, {
      status: 413,
      headers: { ...headers, ...corsHeaders, 'content-type': 'application/x-amz-json-1.1' },
      body,
    })
  }
}

function send(outgoing: ServerResponse, { status, headers, body }: ApiResponse): void {
  outgoing.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) })
  outgoing.end(body)
}

function pairs(raw: readonly string[]): [string, string][] {
  const headers: [string, string][] = []
  for (let i = 0; i < raw.length; i += 2) headers.push([raw[i] as string, raw[i + 1] as string])
  return headers
}
