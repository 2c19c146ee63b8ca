// Guessing a password: counted before it is evaluated, forgiven when it was right (lockout-rules.ts).
import type { Context } from '../../context.ts'
import {
  type AttemptKey,
  deleteAttempts,
  findAttempts,
  replaceAttempts,
  type StoredAttempts,
} from '../attempts/attempt-store.ts'
import { changeAttempts } from '../attempts/attempts.ts'
import { admitGuess, forgiveGuess, GUESS_LIFETIME_MS, type GuessState } from './lockout-rules.ts'

/** A guess that may be evaluated. */
export interface Guess {
  /** It was right: failures are forgotten. */
  forgive(): Promise<void>
}

// Rivals at one user are let through a few at a time anyway; who loses this often is in a flood.
const ROUNDS = 50

/** Counts a guess at `subject` (a sub, or subjectOfUnknown); undefined when none may be evaluated now. Two statements. */
export async function admitPasswordGuess(
  context: Context,
  userPoolId: string,
  subject: string,
): Promise<Guess | undefined> {
  const key: AttemptKey = { userPoolId, subject, kind: 'password' }
  for (let round = 0; round < ROUNDS; round++) {
    const now = context.clock.now()
    const before = await findAttempts<GuessState>(context.db, key)
    const next = admitGuess(before?.state, now)
    if (!next) return undefined
    if (await replaceAttempts(context.db, key, before, next, now + GUESS_LIFETIME_MS)) {
      return { forgive: () => forgive(context, key, { state: next, version: (before?.version ?? 0) + 1 }) }
    }
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
      : await replaceAttempts(context.db, key, written, forgiven, now + GUESS_LIFETIME_MS)
  if (!done)
    await changeAttempts<GuessState>(context, key, GUESS_LIFETIME_MS, (state, at) => state && forgiveGuess(state, at))
}
