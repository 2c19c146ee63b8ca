// A POST to a URL that the operator configured (SMS_URL, SNS_ENDPOINT, EXTERNAL_STS_URL, the places of triggers), which may
// be private.
// Redirects are not followed: they would send the body, and perhaps a key, to another host.
import { setMaxListeners } from 'node:events'
import { limits } from './limits.ts'

/** There was no answer; `reason` is for the log and contains nothing of the request. */
export class NoAnswer extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(`HTTP ${reason}`)
    this.reason = reason
  }
}

/**
 * Resolves with the status, the headers and at most `maxAnswer` bytes of the answer. `closed` aborts it. Rejects with
 * NoAnswer, whose reason is `TimeoutError` when there was no whole answer in `timeoutMs`.
 */
export async function operatorPost(
  url: string,
  headers: Record<string, string>,
  body: string,
  {
    maxAnswer,
    closed,
    timeoutMs = limits.postTime.max,
  }: { maxAnswer: number; closed: AbortSignal | undefined; timeoutMs?: number },
): Promise<{ status: number; headers: Headers; text: string }> {
  // Not AbortSignal.any: garbage collection may drop its time-out signal, and it leaks memory under a long-lived
  // signal.
  const ending = new AbortController()
  const limit = setTimeout(() => ending.abort(new DOMException('no answer', 'TimeoutError')), timeoutMs)
  const end = (): void => ending.abort()
  if (closed) {
    // One for each call under way; beyond ten Node.js would warn of a leak.
    setMaxListeners(0, closed)
    closed.addEventListener('abort', end)
  }
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: ending.signal })
    return { status: response.status, headers: response.headers, text: await beginningOf(response, maxAnswer) }
  } catch (error) {
    const { code } = Object((error as Error).cause) as { code?: string }
    throw new NoAnswer(code ?? (error as Error).name)
  } finally {
    clearTimeout(limit)
    closed?.removeEventListener('abort', end)
  }
}

async function beginningOf(response: Response, longest: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size >= longest) break
  }
  return Buffer.concat(chunks).toString('utf8', 0, longest)
}
