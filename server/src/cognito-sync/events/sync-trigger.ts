// Asks the function that an identity pool names for SyncTrigger about a change of a dataset's records, which it may allow,
// change or refuse. Never call it inside a transaction.
import type { Context } from '../../context.ts'
import { newUuid } from '../../effects/uuid.ts'
import { ApiError } from '../../errors.ts'
import { triggerCalled } from '../../events.ts'
import { BUSY } from '../../triggers/functions.ts'
import { TIMED_OUT } from '../../triggers/ways/post.ts'
import { limits } from '../limits.ts'
import {
  type PendingChange,
  readDecision,
  type SyncDecision,
  type SyncOccasion,
  syncEvent,
} from './sync-trigger-rules.ts'

/**
 * What is to be written in place of `pending`. `stored` has the values of all live records by key. Throws
 * InvalidLambdaFunctionOutputException when the function throws, is not there, or answers something else than the event,
 * LambdaSocketTimeoutException after five seconds, LambdaThrottledException when too many calls of it are under way.
 */
export async function askSyncTrigger(
  context: Pick<Context, 'functions' | 'aside' | 'random' | 'log' | 'metrics'>,
  arn: string,
  occasion: SyncOccasion,
  stored: ReadonlyMap<string, string>,
  pending: readonly PendingChange[],
): Promise<SyncDecision> {
  const event = syncEvent(occasion, stored, pending)
  const startedAt = performance.now()
  // One try: the five seconds are for all of it.
  const options = { id: newUuid(context.random), awaited: true, tries: 1, maxAnswer: limits.triggerAnswer.max }
  const answer = await context.aside(() => context.functions.invoke(arn, JSON.stringify(event), options))
  const outcome = answer.outcome === 'failed' ? answer.reason : answer.outcome
  const ms = Math.round(performance.now() - startedAt)
  const { identityPoolId: pool } = occasion
  triggerCalled(context, { pool, trigger: 'SyncTrigger', source: 'SyncTrigger', arn, outcome, ms })
  if (answer.outcome === 'threw') throw outputError(`failed with error ${answer.message}.`)
  if (answer.outcome === 'failed') throw noAnswerError(answer.reason)
  const decision = readDecision(event, answer.text, stored, pending)
  if ('problem' in decision) throw outputError(`returned invalid output: ${decision.problem}.`)
  return decision
}

const outputError = (what: string): ApiError =>
  new ApiError('InvalidLambdaFunctionOutputException', `SyncTrigger ${what}`)

/** Words of Lambda for "later". */
const THROTTLED: ReadonlySet<string> = new Set([BUSY, 'HTTP429'])

function noAnswerError(reason: string): ApiError {
  if (reason === TIMED_OUT)
    return new ApiError('LambdaSocketTimeoutException', 'SyncTrigger did not respond within 5 seconds.', {
      status: 400,
    })
  if (THROTTLED.has(reason)) return new ApiError('LambdaThrottledException', 'SyncTrigger is called too often at once.')
  return outputError(`invocation failed due to error ${reason}.`)
}
