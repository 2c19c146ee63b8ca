// The door of event streams: GET /identitypools/P/identities/I/stream?ticket=…, which tells by server-sent events which
// datasets of an identity have changed (docs/behaviour/sync-streams.md). It is no operation: nothing signs it, and its
// answer goes on for an hour. Not here: who is told what (cognito-sync/live/).
import type { ServerResponse } from 'node:http'
import { limits } from '../cognito-sync/limits.ts'
import { retryLine } from '../cognito-sync/live/event-rules.ts'
import type { StreamSink } from '../cognito-sync/live/event-streams.ts'
import { openTicket, type StreamedIdentity, type Ticket } from '../cognito-sync/live/ticket.ts'
import { cognitoSync } from '../cognito-sync/service.ts'
import { newUuid } from '../effects/uuid.ts'
import { ApiError } from '../errors.ts'
import { clientNetwork } from '../http/client-address.ts'
import { keepOpen } from '../http/connections.ts'
import { type ApiRequest, type ApiResponse, headerOf } from '../http/request.ts'
import { type ApiParts, finish, publicError, rateExceededError, refuseUnread } from './pipeline.ts'
import { matchPath, readQuery } from './protocols/rest-json.ts'
import type { Route } from './routes.ts'

type Head = Omit<ApiRequest, 'body'>

const ticketOperation = cognitoSync.model.operations['CreateStreamTicket']
if (!ticketOperation) throw new Error('The contract of Cognito Sync has no CreateStreamTicket.')

/** For log lines and the form of refusals. */
const route: Route = { service: cognitoSync, name: 'OpenStream', model: ticketOperation, load: async () => undefined }

/** Whether a request asks for an event stream. */
export const asksForStream = ({ method, rawPath }: Pick<Head, 'method' | 'rawPath'>): boolean =>
  method === 'GET' && matchPath(route.model, rawPath) !== undefined

/** Answers with an event stream, or resolves with a refusal for `response`. Never rejects. */
export async function openEventStream(
  parts: ApiParts,
  head: Head,
  response: ServerResponse,
): Promise<ApiResponse | undefined> {
  const startedAt = performance.now()
  try {
    const { identity, ticket, eventId } = readStreamRequest(parts, head)
    const requestId = newUuid(parts.context.random)
    const begin = (events: string): void => {
      const { status, headers } = finish(parts.context, head, opened(identity), requestId, startedAt)
      beginStream(response, status, headers, retryLine(retryMs(requestId)) + events)
    }
    const leave = await parts.context.eventStreams.open(
      { identity, until: ticket.streamsUntil, eventId, network: clientNetwork(head.remoteAddress ?? '') },
      sinkOf(response, begin),
    )
    // Others' streams go on for long.
    if (!leave) throw new ApiError('TooManyRequestsException', 'Too many event streams are open.', { retryAfter: 30 })
    if (response.closed) leave()
    else response.once('close', leave)
    return undefined
  } catch (error) {
    return refuseUnread(parts, head, publicError(error, route), route)
  }
}

function readStreamRequest(
  { context, rates }: ApiParts,
  head: Head,
): { identity: StreamedIdentity; ticket: Ticket; eventId: string } {
  const query = readQuery(head.rawQuery)
  const path = matchPath(route.model, head.rawPath) ?? {}
  const identity = { poolId: decoded(path['IdentityPoolId']), id: decoded(path['IdentityId']) }
  const ticket = openTicket(context, identity, query.get('ticket') ?? '')
  if (!ticket) {
    const refused = new ApiError('NotAuthorizedException', 'The ticket is not valid; CreateStreamTicket gives another.')
    // As calls with an invalid signature are.
    throw rates.admit(head.remoteAddress) ? refused : rateExceededError(refused)
  }
  // A page that has a new ticket makes another EventSource, which sends no header.
  return { identity, ticket, eventId: headerOf(head, 'last-event-id') || (query.get('lastEventId') ?? '') }
}

/** Percent-decoded once; text that is not encoded well names nothing. */
function decoded(text = ''): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** Of the answer that begins a stream. */
const opened = ({ id, poolId }: StreamedIdentity): Parameters<typeof finish>[2] => ({
  response: {
    status: 200,
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      // nginx would gather the events.
      'x-accel-buffering': 'no',
    },
    body: '',
  },
  route,
  // Its ticket was made for a pool that exists.
  pool: poolId,
  caller: id,
  error: undefined,
  cause: undefined,
})

/** Between one second and five, so that not all clients of a server that stopped come at once. */
const retryMs = (requestId: string): number => 1000 + (Number.parseInt(requestId.slice(0, 3), 16) % 4000)

function beginStream(response: ServerResponse, status: number, headers: Record<string, string>, text: string): void {
  if (response.destroyed) return
  // Each event is one piece as it is, not a chunk with a length: the end of the connection is the end of the stream.
  response.useChunkedEncodingByDefault = false
  response.shouldKeepAlive = false
  keepOpen(response)
  response.writeHead(status, headers)
  response.write(text)
}

export function sinkOf(response: ServerResponse, begin: StreamSink['begin']): StreamSink {
  return {
    begin,
    send(events) {
      if (response.destroyed) return
      if (response.writableLength > limits.streamUnsent.max) response.destroy()
      else response.write(events)
    },
    end: () => void response.end(),
  }
}
