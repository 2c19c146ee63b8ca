// A POST to a sink that the operator configured.
import { NoAnswer, operatorPost, type PostAnswer } from '../../effects/operator-post.ts'
import { limits } from '../limits.ts'
import { PutFailed } from '../sink.ts'

/** Rejects with PutFailed when there is no whole answer. */
export async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  closed: AbortSignal,
): Promise<PostAnswer> {
  const { answer, attemptTime } = limits
  try {
    return await operatorPost(url, headers, body, { maxAnswer: answer.max, timeoutMs: attemptTime.max, closed })
  } catch (error) {
    throw error instanceof NoAnswer ? new PutFailed(error.message, 'later') : error
  }
}

export const isOk = (status: number): boolean => status >= 200 && status <= 299
