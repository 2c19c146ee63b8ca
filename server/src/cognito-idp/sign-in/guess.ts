// Trying a password: a guess is counted before it is evaluated and forgiven when it was right (lockout-rules.ts).
//
// Guesses at one user take turns within a process, so that many right ones at once (a shared account, a page with many
// requests) are not taken for an attack; between processes the written counter alone decides.
import type { Context } from '../../context.ts'
import {
  type AttemptKey,
  deleteAttempts,
  findAttempts,
  replaceAttempts,
  type StoredAttempts,
} from '../attempts/attempt-store.ts'
import { changeAttempts } from '../attempts/attempts.ts'
import { admitGuess, forgiveGuess, type GuessState, guessMattersUntil } from './lockout-rules.ts'
import { takeTurns } from './turns.ts'

export type GuessOutcome = 'right' | 'wrong' | 'locked'

/** What is written for a guess, and what stood there before. */
interface Counted {
  before: StoredAttempts<GuessState> | undefined
  written: StoredAttempts<GuessState>
}

// Rivals in other processes are few; who loses this often is in a flood.
const ROUNDS = 50

/**
 * Evaluates a guess at `subject` (a sub, or subjectOfUnknown) unless the subject is locked. When `evaluate` throws (the
 * queue of costly work was full), the guess counts for nothing. Three statements when the password is right.
 */
export async function tryPassword(
  context: Context,
  userPoolId: string,
  subject: string,
  evaluate: () => Promise<boolean>,
): Promise<GuessOutcome> {
  const key: AttemptKey = { userPoolId, subject, kind: 'password' }
  const outcome = await takeTurns(context, `${userPoolId} ${subject}`, async (): Promise<GuessOutcome> => {
    const counted = await count(context, key)
    if (!counted) return 'locked'
    let right: boolean
    try {
      right = await evaluate()
    } catch (error) {
      await takeBack(context, key, counted)
      throw error
    }
    if (!right) return 'wrong'
    await forgive(context, key, counted.written)
    return 'right'
  })
  return outcome ?? 'locked'
}

async function count(context: Context, key: AttemptKey): Promise<Counted | undefined> {
  for (let round = 0; round < ROUNDS; round++) {
    const now = context.clock.now()
    const before = await findAttempts<GuessState>(context.db, key)
    const next = admitGuess(before?.state, now)
    if (!next) return undefined
    if (await replaceAttempts(context.db, key, before, next, guessMattersUntil(next)))
      return { before, written: { state: next, version: (before?.version ?? 0) + 1 } }
  }
  return undefined
}

async function forgive(context: Context, key: AttemptKey, written: StoredAttempts<GuessState>): Promise<void> {
  const now = context.clock.now()
  const forgiven = forgiveGuess(written.state, now)
  // The ordinary case, nothing to remember: the row goes. A rival's guess in between makes either write miss.
  const done =
    forgiven.used < 1
      ? await deleteAttempts(context.db, key, written.version)
      : await replaceAttempts(context.db, key, written, forgiven, guessMattersUntil(forgiven))
  if (!done)
    await changeAttempts<GuessState>(context, key, guessMattersUntil, (state, at) => state && forgiveGuess(state, at))
}

// When a rival wrote meanwhile, the guess stays counted: too many is the safe side.
async function takeBack(context: Context, key: AttemptKey, { before, written }: Counted): Promise<void> {
  if (before) await replaceAttempts(context.db, key, written, before.state, guessMattersUntil(before.state))
  else await deleteAttempts(context.db, key, written.version)
}
