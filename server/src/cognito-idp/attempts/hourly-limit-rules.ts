// The hourly limits on asking for codes and trying them. Pure. docs/reference/user-pools.md 8.

import { isAlive } from '../../effects/time-rules.ts'
import type { hourlyLimits } from '../limits.ts'

export type LimitedKind = keyof typeof hourlyLimits

/** Requests counted since `startedAt` (epoch milliseconds). */
export interface Window {
  startedAt: number
  count: number
}

const HOUR_MS = 60 * 60 * 1000

/** Epoch milliseconds from which a window means the same as none. */
export const windowEnd = (window: Window): number => window.startedAt + HOUR_MS

/** The window after one more request; undefined when the limit of this hour is reached. */
export function countRequest(window: Window | undefined, max: number, now: number): Window | undefined {
  // A window far in the future (the clock was ahead) counts as over.
  const current = window && isAlive(windowEnd(window), HOUR_MS, now) ? window : { startedAt: now, count: 0 }
  return current.count >= max ? undefined : { ...current, count: current.count + 1 }
}
