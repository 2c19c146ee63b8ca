// How often an hour a user's codes may be asked for and tried. Pure. docs/reference/user-pools.md 8.

import type { hourlyLimits } from '../limits.ts'

export type LimitedKind = keyof typeof hourlyLimits

/** Requests counted since `startedAt` (epoch milliseconds). */
export interface Window {
  startedAt: number
  count: number
}

const HOUR_MS = 60 * 60 * 1000

/** From when on a window means nothing more. */
export const windowEnd = (window: Window): number => window.startedAt + HOUR_MS

/** The window after one more request; undefined when the limit of this hour is reached. */
export function countRequest(window: Window | undefined, max: number, now: number): Window | undefined {
  // A window that lies in the future (a clock that was set back) is as good as over.
  const current = window && now < windowEnd(window) && window.startedAt <= now ? window : { startedAt: now, count: 0 }
  return current.count >= max ? undefined : { ...current, count: current.count + 1 }
}
