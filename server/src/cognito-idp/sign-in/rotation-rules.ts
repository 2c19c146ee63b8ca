// Whether a rotating refresh token is the current one, a retry within the grace period, or a reuse. Pure.
import { ageOf, wasMade } from '../../effects/time-rules.ts'

export type Rotation = 'current' | 'retry' | 'reused'

/** What a token of `generation` is. `family` is undefined before the first rotation; times in milliseconds. */
export function checkRotation(
  generation: number,
  family: { generation: number; rotatedAt: number } | undefined,
  graceMs: number,
  now: number,
): Rotation {
  const current = family?.generation ?? 0
  if (generation === current) return 'current'
  if (!family || generation !== current - 1 || !wasMade(family.rotatedAt, now)) return 'reused'
  return ageOf(family.rotatedAt, now) < graceMs ? 'retry' : 'reused'
}
