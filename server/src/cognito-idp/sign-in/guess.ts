// Evaluates a guess at a password, a device's secret or a custom challenge: it is counted as failed before it is evaluated and
// forgiven when it was right (lockout-rules.ts decides; the caller words the outcome).
//
// Within a process, guesses at one user run one after another (guess-queue.ts), so that many correct passwords at once
// (a shared account, a page with many requests) do not lock the user; between processes the stored counter alone
// decides. A call that the server has no room for is refused before it comes here (api/costly-calls.ts): then nothing is
// counted.
import type { Context } from '../../context.ts'
import { functionFailed } from '../../triggers/call.ts'
import {
  type AttemptKey,
  attemptsFromState,
  deleteAttempts,
  findAttempts,
  replaceAttempts,
  type StoredAttempts,
} from '../attempts/attempt-store.ts'
import { changeAttempts } from '../attempts/attempts.ts'
import { admitGuess, forgiveGuess, type GuessState, guessMattersUntil, PASSWORD_GUESSES } from './lockout-rules.ts'

export type GuessOutcome = 'right' | 'wrong' | 'locked'
type Guesses = StoredAttempts<GuessState>

/** The user, or unknown user, at whom is guessed. */
export interface GuessTarget {
  userPoolId: string
  /** A sub, or the subjectOfUnknown of an unknown user. */
  subject: string
  /** The `kind` under which the guesses are counted: those at the password of a user unless another is named. */
  kind?: string
  /** The guesses counted so far, as read with the user; read again when they have changed since. */
  guesses: Guesses | undefined
  /**
   * A function of the pool evaluates the guess: guesses do not wait for each other then, as a slow function would have each
   * that waits hold its slot for costly work.
   */
  byTrigger?: boolean
}

// Conflicts come only from other processes, which are few; this many in a row mean a flood of guesses.
const ROUNDS = 50

/**
 * Evaluates a guess unless its subject is locked. One statement counts the guess; after a right one one more forgives it, and
 * the result waits for that one only when there were failures before. A guess that a function of the pool did not answer is
 * forgiven as well, and not one that it refused.
 */
export async function tryGuess(
  context: Context,
  { userPoolId, subject, kind = PASSWORD_GUESSES, guesses, byTrigger = false }: GuessTarget,
  evaluate: () => Promise<boolean>,
): Promise<GuessOutcome> {
  if (!admitGuess(guesses?.state, context.clock.now())) return 'locked'
  const key: AttemptKey = { userPoolId, subject, kind }
  const guess = async (delayNext: (cleanup: Promise<void>) => void): Promise<GuessOutcome> => {
    const counted = await countGuess(context, key, guesses)
    if (!counted) return 'locked'
    const right = await evaluate().catch(async (error) => {
      if (functionFailed(error)) await forgive(context, key, counted)
      throw error
    })
    if (!right) return 'wrong'
    const forgiven = forgive(context, key, counted)
    // After earlier failures, a guess not yet forgiven may lock the user out of the next call: wait for it.
    if (byTrigger || counted.state.failures > 1) await forgiven
    else delayNext(forgiven)
    return 'right'
  }
  if (byTrigger) return guess(() => undefined)
  const outcome = await context.guessQueue.run(`${userPoolId} ${subject}`, guess)
  return outcome ?? 'locked'
}

async function countGuess(context: Context, key: AttemptKey, known: Guesses | undefined): Promise<Guesses | undefined> {
  for (let round = 0; round < ROUNDS; round++) {
    const before = round === 0 ? known : await findAttempts<GuessState>(context.db, key)
    const next = admitGuess(before?.state, context.clock.now())
    if (!next) return undefined
    const counted = attemptsFromState(next)
    if (await replaceAttempts(context.db, key, before, counted, guessMattersUntil(next))) return counted
  }
  return undefined
}

// On an error the guess stays counted: counting too many guesses is safe, too few is not.
async function forgive(context: Context, key: AttemptKey, counted: Guesses): Promise<void> {
  try {
    const forgiven = forgiveGuess(counted.state, context.clock.now())
    // Usually nothing is left to store and the row is deleted. After a concurrent guess neither write matches the row.
    const done =
      forgiven.used < 1
        ? await deleteAttempts(context.db, key, counted)
        : await replaceAttempts(context.db, key, counted, attemptsFromState(forgiven), guessMattersUntil(forgiven))
    if (!done)
      await changeAttempts<GuessState>(context, key, guessMattersUntil, (state, at) => state && forgiveGuess(state, at))
  } catch (err) {
    context.log.warn(
      { err },
      'a guess that was right, or that no function answered, could not be forgiven and stays counted as failed',
    )
  }
}
