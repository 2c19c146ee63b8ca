// Trying a password: a guess is counted before it is evaluated and forgiven when it was right (lockout-rules.ts).
//
// Guesses at one user wait for each other within a process (guess-queue.ts), so that many right ones at once (a shared
// account, a page with many requests) are not taken for an attack; between processes the written counter alone decides. A guess has its place in
// the queue of costly work before it is counted: what the queue refuses was never a guess.
import type { Context } from '../../context.ts'
import type { RunJob } from '../../crypto/work-pool.ts'
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

/** Whom the guesses are at. */
export interface GuessTarget {
  userPoolId: string
  /** A sub, or subjectOfUnknown. */
  subject: string
  /** The guesses so far, as they were read with the user: if they changed since, they are read anew. */
  guesses: Guesses | undefined
}

// Rivals in other processes are few; who loses this often is in a flood.
const ROUNDS = 50

/**
 * Evaluates a guess unless its subject is locked. Rejects with WorkRefused, and counts nothing, when the queue of costly
 * work is full. One statement before the answer; one more when the password was right, for which the answer does not wait
 * unless there were failures before.
 */
export async function tryPassword(
  context: Context,
  { userPoolId, subject, guesses }: GuessTarget,
  evaluate: (run: RunJob) => Promise<boolean>,
): Promise<GuessOutcome> {
  // A lock is told at once, without a place: a flood of guesses at one user keeps nobody else out.
  if (!admitGuess(guesses?.state, context.clock.now())) return 'locked'
  const key: AttemptKey = { userPoolId, subject, kind: PASSWORD_GUESSES }
  const outcome = await context.guessQueue.run(
    `${userPoolId} ${subject}`,
    async (afterwards): Promise<GuessOutcome> => {
      const tried = await context.work.withSlot(async (run) => {
        const counted = await countGuess(context, key, guesses)
        return counted && { counted, right: await evaluate(run) }
      })
      if (!tried) return 'locked'
      if (!tried.right) return 'wrong'
      const forgiven = forgive(context, key, tried.counted)
      // With failures before it, what is still counted may lock the user out of the next call: the answer waits then.
      if (tried.counted.state.failures > 1) await forgiven
      else afterwards(forgiven)
      return 'right'
    },
  )
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

// When it fails, the guess stays counted: too many is the safe side.
async function forgive(context: Context, key: AttemptKey, counted: Guesses): Promise<void> {
  try {
    const forgiven = forgiveGuess(counted.state, context.clock.now())
    // The ordinary case, nothing to remember: the row goes. A rival's guess in between makes either write miss.
    const done =
      forgiven.used < 1
        ? await deleteAttempts(context.db, key, counted)
        : await replaceAttempts(context.db, key, counted, attemptsFromState(forgiven), guessMattersUntil(forgiven))
    if (!done)
      await changeAttempts<GuessState>(context, key, guessMattersUntil, (state, at) => state && forgiveGuess(state, at))
  } catch (err) {
    context.log.warn({ err }, 'a right password was not forgiven its guess')
  }
}
