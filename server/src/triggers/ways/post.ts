// What the two ways by HTTP share: a bounded POST to a place that the operator chose, and the text of a thrown error.
import type { FunctionAnswer } from '../../effects/effects.ts'
import { NoAnswer, operatorPost, type PostAnswer } from '../../effects/operator-post.ts'
import { limits } from '../limits.ts'

/** The answer, or what became of the call without one. */
export async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  closed: AbortSignal,
  max: number = limits.answer.max,
): Promise<PostAnswer | FunctionAnswer> {
  try {
    // One byte more than allowed, to tell what is too long from what just fits.
    const maxAnswer = max + 1
    const answer = await operatorPost(url, headers, body, { maxAnswer, closed, timeoutMs: limits.answerTime.max })
    return Buffer.byteLength(answer.text) > max ? tooLong(max) : answer
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { outcome: 'failed', reason: error.reason === 'TimeoutError' ? TIMED_OUT : error.reason }
  }
}

/** docs/reference/user-pools.md 3.3. */
export const TIMED_OUT = 'Socket timeout while invoking Lambda function'

/** As Lambda words it. */
export const tooLong = (max: number): FunctionAnswer => ({
  outcome: 'threw',
  message: `Response payload size exceeded maximum allowed payload size (${max} bytes)`,
})

/** The text of a thrown error, from `{"errorMessage": "…"}` or the whole body; bounded. */
export function thrownText(body: string): string {
  let message: unknown
  try {
    message = (JSON.parse(body) as { errorMessage?: unknown } | null)?.errorMessage
  } catch {
    message = body
  }
  return boundedText(typeof message === 'string' ? message : 'Unknown error')
}

export const boundedText = (text: string): string =>
  [...text.slice(0, 2 * limits.errorText.max)].slice(0, limits.errorText.max).join('')
