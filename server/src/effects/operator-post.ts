// A POST or PUT to a URL that the operator configured (SMS_URL, SNS_ENDPOINT, EXTERNAL_STS_URL, the places of triggers and
// sinks), which may be private. By node:http with connections that are kept: a fetch costs four times as much (bench/README.md).
// Redirects are not followed: they would send the body, and perhaps a key, to another host.
import { setMaxListeners } from 'node:events'
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { limits } from './limits.ts'

/** There was no answer; `reason` is for the log and contains nothing of the request. */
export class NoAnswer extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(`HTTP ${reason}`)
    this.reason = reason
  }
}

export interface PostAnswer {
  readonly status: number
  /** By names in lower case. */
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

interface PostBounds {
  /** Bytes of the answer that are read. */
  readonly maxAnswer: number
  readonly closed: AbortSignal | undefined
  readonly timeoutMs?: number
  /** POST if not given. */
  readonly method?: 'POST' | 'PUT'
}

// A connection that nobody uses is closed before the other side does so, which for Node.js servers is after 5 seconds.
const kept = { keepAlive: true, timeout: limits.postConnectionIdle.max }
const agents = { 'http:': new http.Agent(kept), 'https:': new https.Agent(kept) }

/**
 * Resolves with the status, the headers and at most `maxAnswer` bytes of the answer. `closed` aborts it. Rejects with
 * NoAnswer, whose reason is `TimeoutError` when there was no whole answer in `timeoutMs`.
 */
export async function operatorPost(
  url: string,
  headers: Record<string, string>,
  body: string,
  { maxAnswer, closed, timeoutMs = limits.postTime.max, method = 'POST' }: PostBounds,
): Promise<PostAnswer> {
  // Not AbortSignal.any: garbage collection may drop its time-out signal, and it leaks memory under a long-lived
  // signal.
  const ending = new AbortController()
  let why = 'AbortError'
  const limit = setTimeout(() => {
    why = 'TimeoutError'
    ending.abort()
  }, timeoutMs)
  const end = (): void => ending.abort()
  if (closed) {
    // One for each call under way; beyond ten Node.js would warn of a leak.
    setMaxListeners(0, closed)
    closed.addEventListener('abort', end)
    if (closed.aborted) end()
  }
  try {
    return await exchange(method, url, headers, body, maxAnswer, ending.signal)
  } catch (error) {
    const { code, name } = error as Error & { code?: string }
    throw new NoAnswer(ending.signal.aborted ? why : (code ?? name))
  } finally {
    clearTimeout(limit)
    closed?.removeEventListener('abort', end)
  }
}

// A request is never repeated here, also when a kept connection turns out to be closed: it may have been carried out. Whoever
// calls tries again where that does no harm.
async function exchange(
  method: string,
  url: string,
  headers: Record<string, string>,
  body: string,
  maxAnswer: number,
  signal: AbortSignal,
): Promise<PostAnswer> {
  const target = new URL(url)
  const { request: send } = target.protocol === 'https:' ? https : http
  const agent = agents[target.protocol as keyof typeof agents]
  const length = String(Buffer.byteLength(body))
  const request = send(target, { method, agent, signal, headers: { ...headers, 'content-length': length } })
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', reject)
    request.end(body)
  })
  const text = await beginningOf(response, maxAnswer)
  return { status: response.statusCode ?? 0, headers: response.headers, text }
}

/** At most `longest` bytes; leaving the loop early closes the connection. */
async function beginningOf(response: IncomingMessage, longest: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size >= longest) break
  }
  return Buffer.concat(chunks).toString('utf8', 0, longest)
}
