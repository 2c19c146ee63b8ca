// A request that brings records to a place which the operator configured, and what refusals by HTTP mean.
import { NoAnswer, operatorPost, type PostAnswer } from '../effects/operator-post.ts'
import { limits } from './limits.ts'
import { PutFailed } from './put-failed.ts'

/** Rejects with PutFailed when there is no whole answer. */
export async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  closed: AbortSignal,
  method: 'POST' | 'PUT' = 'POST',
): Promise<PostAnswer> {
  const { answer, attemptTime } = limits
  const bounds = { maxAnswer: answer.max, timeoutMs: attemptTime.max, closed, method }
  try {
    return await operatorPost(url, headers, body, bounds)
  } catch (error) {
    throw error instanceof NoAnswer ? new PutFailed(error.message, 'later') : error
  }
}

export const isOk = (status: number): boolean => status >= 200 && status <= 299

/** The record itself is refused for good. */
const WRONG_RECORD: ReadonlySet<number> = new Set([400, 413, 422])
/** Nobody is there who takes records. */
const WRONG_PLACE: ReadonlySet<number> = new Set([401, 403, 404, 405, 410])

/** What an HTTP status says that is not 2xx; all that is not known here may pass. */
export const statusRefuses = (status: number): PutFailed['refuses'] =>
  WRONG_RECORD.has(status) ? 'record' : WRONG_PLACE.has(status) ? 'place' : 'later'

/** The members of a JSON object; none for any other text. */
export function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}
