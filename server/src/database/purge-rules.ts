// Until when expired rows may be removed, on a clock that may be wrong for a while. Pure. Times are epoch milliseconds.

/** Rows stay for this long after they expired: clocks of processes differ, and are set back. */
export const PURGE_MARGIN_MS = 20 * 60 * 1000

/**
 * How far one purge goes beyond the one before. Purges are a minute apart, so they keep up and make good for a time in
 * which the server was stopped; and when the clock is days ahead for a minute, the rows that would be needed once it is
 * right again are still there.
 */
export const PURGE_STEP_MS = 5 * 60 * 1000

/** Rows that expired before this time may go. `before`: the same of the last purge; undefined for the first one. */
export const purgeHorizon = (before: number | undefined, now: number): number =>
  Math.min(now - PURGE_MARGIN_MS, before === undefined ? Number.POSITIVE_INFINITY : before + PURGE_STEP_MS)
