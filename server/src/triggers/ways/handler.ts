// A function of this process, handed to `start({ triggers })` by a test suite.
import type { FunctionAnswer } from '../../effects/effects.ts'
import { limits } from '../limits.ts'
import type { FunctionCall } from '../ways.ts'
import { boundedText, TIMED_OUT, tooLong } from './post.ts'
import { type HandlerOutcome, runHandler, type TriggerHandler } from './run-handler.ts'

/** Handlers by ARN; `*` stands for every ARN that is not named. */
export type TriggerHandlers = Readonly<Record<string, TriggerHandler>>

export const handlerOf = (handlers: TriggerHandlers, arn: string): TriggerHandler | undefined =>
  Object.hasOwn(handlers, arn) ? handlers[arn] : handlers['*']

/** Its time is measured, but a handler that never lets go of the event loop stops the whole process, as it would alone. */
export async function runInProcess(
  handler: TriggerHandler,
  { event, arn, id, maxAnswer }: FunctionCall,
): Promise<FunctionAnswer> {
  const timeMs = limits.answerTime.max
  let limit: NodeJS.Timeout | undefined
  const tooLate = new Promise<FunctionAnswer>((resolve) => {
    limit = setTimeout(() => resolve({ outcome: 'failed', reason: TIMED_OUT }), timeMs)
  })
  try {
    return await Promise.race([
      runHandler(handler, { event, arn, id, timeMs }).then((outcome) => answerOf(outcome, maxAnswer)),
      tooLate,
    ])
  } finally {
    clearTimeout(limit)
  }
}

/** The answer of a handler that has come to an end. */
export function answerOf(outcome: HandlerOutcome, max: number = limits.answer.max): FunctionAnswer {
  if ('thrown' in outcome) return { outcome: 'threw', message: boundedText(outcome.thrown) }
  const text = outcome.json ?? ''
  return Buffer.byteLength(text) > max ? tooLong(max) : { outcome: 'answered', text }
}
