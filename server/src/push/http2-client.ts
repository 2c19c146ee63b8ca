// Requests over HTTP/2, which APNs speaks and nothing else: one connection for each origin, kept while it is used.
import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { DeliveryFailed } from '../effects/effects.ts'
import { limits } from './limits.ts'

export interface Http2Client {
  /** Rejects with DeliveryFailed when there is no whole answer in time. */
  post(
    origin: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<{ status: number; text: string }>
  close(): void
}

export function createHttp2Client(): Http2Client {
  const sessions = new Map<string, ClientHttp2Session>()

  function sessionOf(origin: string): ClientHttp2Session {
    const known = sessions.get(origin)
    if (known && !known.closed && !known.destroyed) return known
    const session = connect(origin)
    sessions.set(origin, session)
    const forget = (): void => {
      if (sessions.get(origin) === session) sessions.delete(origin)
    }
    // Requests hear of an error themselves; without a listener it would end the process.
    session.on('error', forget)
    session.on('close', forget)
    // The other side takes no further requests on this connection.
    session.on('goaway', forget)
    session.setTimeout(limits.connectionIdle.max, () => session.close())
    session.unref()
    return session
  }

  return {
    post: (origin, path, headers, body) =>
      new Promise((resolve, reject) => {
        const stream = sessionOf(origin).request({
          [constants.HTTP2_HEADER_METHOD]: 'POST',
          [constants.HTTP2_HEADER_PATH]: path,
          ...headers,
        })
        let status = 0
        let text = ''
        let why = 'the connection was closed'
        const limit = setTimeout(() => {
          why = 'TimeoutError'
          stream.close(constants.NGHTTP2_CANCEL)
        }, limits.attemptTime.max)
        stream.setEncoding('utf8')
        stream.on('response', (answer) => {
          status = Number(answer[constants.HTTP2_HEADER_STATUS])
        })
        stream.on('data', (chunk: string) => {
          if (text.length < limits.answer.max) text += chunk
        })
        stream.on('error', (error: Error & { code?: string; cause?: { code?: string } }) => {
          if (why !== 'TimeoutError') why = error.cause?.code ?? error.code ?? error.name
        })
        let ended = false
        stream.on('end', () => {
          ended = true
        })
        stream.on('close', () => {
          clearTimeout(limit)
          if (ended && status > 0) resolve({ status, text })
          else reject(new DeliveryFailed(`HTTP/2 ${why}`))
        })
        stream.end(body)
      }),
    close() {
      for (const session of sessions.values()) session.destroy()
    },
  }
}
