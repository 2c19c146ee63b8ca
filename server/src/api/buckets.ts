// Token buckets in memory, one for each key, refilled evenly: the counting of rate-limit.ts.

export interface Buckets {
  /** Takes `calls` from the bucket of a key; false when it has less, and then nothing is taken unless `evenIfEmpty`. */
  take(key: string, calls: number, evenIfEmpty?: boolean): boolean
}

export interface BucketSettings {
  /** What a full bucket holds. */
  readonly calls: number
  /** The time in which an empty bucket is full again. */
  readonly ms: number
  /** Buckets kept, those that were used last. */
  readonly kept: number
}

/** `now` gives epoch milliseconds. */
export function createBuckets({ calls: size, ms, kept }: BucketSettings, now: () => number): Buckets {
  const callMs = ms / size
  // The time at which each bucket will be full again, least recently used first. A full bucket needs no entry.
  const fullAt = new Map<string, number>()
  return {
    take(key, calls, evenIfEmpty = false) {
      const time = now()
      // An empty bucket at most, even after the clock was set back by an hour.
      const before = Math.min(Math.max(fullAt.get(key) ?? 0, time), time + ms)
      const after = before + calls * callMs
      // A tolerance for rounding: the sum of many fractions must not refuse the last call.
      const fits = after < time + ms + Math.min(1, callMs / 2)
      fullAt.delete(key)
      fullAt.set(key, fits ? after : evenIfEmpty ? time + ms : before)
      if (fullAt.size > kept) fullAt.delete(fullAt.keys().next().value as string)
      return fits
    },
  }
}
