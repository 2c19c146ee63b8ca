// A POST to a push service that the operator configured, and what its refusals mean.
import { DeliveryFailed } from '../effects/effects.ts'
import { NoAnswer, operatorPost, type PostAnswer } from '../effects/operator-post.ts'
import { limits } from './limits.ts'

/** Rejects with DeliveryFailed when there is no whole answer. */
export async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  closed: AbortSignal,
): Promise<PostAnswer> {
  try {
    return await operatorPost(url, headers, body, {
      maxAnswer: limits.answer.max,
      timeoutMs: limits.attemptTime.max,
      closed,
    })
  } catch (error) {
    throw error instanceof NoAnswer ? new DeliveryFailed(error.message) : error
  }
}

/**
 * The failure of a refused push: statuses that say "later" are worth another try, any other refuses this push for good.
 * `word`, a reason that the service gave, is for the log.
 */
export function refusalOf(service: string, status: number, word?: string): DeliveryFailed {
  const later = status === 408 || status === 429 || status >= 500 || status === 401 || status === 403
  const reason = word !== undefined && /^\w{1,60}$/.test(word) ? ` ${word}` : ''
  return new DeliveryFailed(`${service} ${status}${reason}`, !later)
}
