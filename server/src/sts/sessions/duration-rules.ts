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

/** The lifetime of a role session in seconds. `chained`: the caller is a role session itself. */
export function roleSessionSeconds(
  requested: number | undefined,
  { maxSessionSeconds, chained }: { maxSessionSeconds: number; chained: boolean },
): number | { refused: DurationRefusalReason } {
  const seconds = requested ?? DEFAULT_ROLE_SECONDS
  if (chained && seconds > limits.chainedSession.max) return { refused: 'chained-duration' }
  return seconds > maxSessionSeconds ? { refused: 'duration' } : seconds
}

/** The lifetime of a session of GetSessionToken or GetFederationToken in seconds; the root gets at most an hour. */
export const ownSessionSeconds = (requested: number | undefined, isRoot: boolean): number =>
  Math.min(requested ?? DEFAULT_USER_SECONDS, isRoot ? limits.rootSession.max : Number.POSITIVE_INFINITY)
