// Counts requests, codes and guesses against their limits. Every one is written before it is carried out, so that
// concurrent requests cannot exceed a limit. The limits are the *-rules.ts; statements are attempt-store.ts.
import type { Context } from '../../context.ts'
import type { StandingPurpose } from '../codes/codes.ts'
import { dailyCodes, hourlyLimits } from '../limits.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { nameKey } from '../users/user-name-rules.ts'
import { type AttemptKey, attemptsFromState, findAttempts, replaceAttempts } from './attempt-store.ts'
import { countCode, type SentCodes, sentCodesMatterUntil } from './daily-limit-rules.ts'
import { countRequest, type LimitedKind, type Window, windowEnd } from './hourly-limit-rules.ts'

const ROUNDS = 1000

/**
 * Changes the state of a counter by compare-and-set; runs `decide` (pure; undefined refuses) again after a conflict.
 * From `mattersUntil` (epoch milliseconds) on, the state must mean the same as no state: the row may be purged then.
 * Returns the state that was written, or undefined when `decide` refused.
 */
export async function changeAttempts<State extends object>(
  context: Context,
  key: AttemptKey,
  mattersUntil: (state: State) => number,
  decide: (state: State | undefined, now: number) => State | undefined,
): Promise<State | undefined> {
  for (let round = 0; round < ROUNDS; round++) {
    const now = context.clock.now()
    // Most counters have no row yet: try to insert one before reading.
    const first = round === 0 ? decide(undefined, now) : undefined
    const before = first ? undefined : await findAttempts<State>(context.db, key)
    const next = first ?? decide(before?.state, now)
    if (next === undefined) return undefined
    if (await replaceAttempts(context.db, key, before, attemptsFromState(next), mattersUntil(next))) return next
  }
  throw new Error(`The counter ${key.kind} could not be changed: ${ROUNDS} conflicts with other requests in a row.`)
}

/** Counts a request against its hourly limit (docs/reference/user-pools.md 8); false when the limit is reached. */
export async function withinHourlyLimit(
  context: Context,
  userPoolId: string,
  subject: string,
  kind: LimitedKind,
): Promise<boolean> {
  const key = { userPoolId, subject, kind }
  return (
    (await changeAttempts<Window>(context, key, windowEnd, (window, now) =>
      countRequest(window, hourlyLimits[kind].max, now),
    )) !== undefined
  )
}

/** Counts a code that is about to be sent at its user's request against its daily limit; false when that is reached. */
export async function withinDailyLimit(
  context: Context,
  userPoolId: string,
  subject: string,
  purpose: StandingPurpose,
): Promise<boolean> {
  const key = { userPoolId, subject, kind: `codes:${purpose}` }
  return (
    (await changeAttempts<SentCodes>(context, key, sentCodesMatterUntil, (sent, now) =>
      countCode(sent, dailyCodes[purpose].max, now),
    )) !== undefined
  )
}

/**
 * The subject under which attempts at an unknown user are counted, so that the same limits hold as for a known user.
 * Spellings of a name that would find the same user give the same subject.
 */
export const subjectOfUnknown = (context: Context, pool: UserPool, name: string): string =>
  `?${context.sealer.mac('unknown-user', JSON.stringify([pool.id, nameKey(pool.settings, name)])).toString('base64url')}`

/** Whether a subject is one of `subjectOfUnknown`. */
export const isUnknown = (subject: string): boolean => subject.startsWith('?')

/** The text of LimitExceededException for all of these (docs/reference/user-pools.md 3.3). */
export const ATTEMPT_LIMIT_MESSAGE = 'Attempt limit exceeded, please try after some time.'
