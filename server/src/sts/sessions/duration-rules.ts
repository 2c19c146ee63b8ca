// How long sessions live (docs/reference/identity-pools-sts-iam-sync.md 15.2, 15.5).
import { limits } from '../limits.ts'

const HOUR = 3600
const DEFAULT_ROLE_SECONDS = HOUR
const DEFAULT_USER_SECONDS = 12 * HOUR

/** Texts of ValidationError. */
export const durationProblems = {
  'chained-duration':
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
  duration: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
} as const

export type DurationRefusalReason = keyof typeof durationProblems

/** The life of a role's session. `chained`: the caller is a role's session itself. */
export function roleSessionSeconds(
  requested: number | undefined,
  { maxSessionSeconds, chained }: { maxSessionSeconds: number; chained: boolean },
): number | { refused: DurationRefusalReason } {
  const seconds = requested ?? DEFAULT_ROLE_SECONDS
  if (chained && seconds > limits.chainedSession.max) return { refused: 'chained-duration' }
  return seconds > maxSessionSeconds ? { refused: 'duration' } : seconds
}

/** The life of a session that a user or the root makes of itself; the root is given an hour at most, whatever it asks. */
export const ownSessionSeconds = (requested: number | undefined, isRoot: boolean): number =>
  Math.min(requested ?? DEFAULT_USER_SECONDS, isRoot ? limits.rootSession.max : Number.POSITIVE_INFINITY)
