// What the log tells of one place: that nothing is taken for now, and again when it is; that records are lost, at once, and how
// many while that lasts, once a minute. No record is quoted.
import type { Logger } from 'pino'
import type { Clock } from '../effects/effects.ts'
import { limits } from './limits.ts'

export interface PlaceNotices {
  postponed(sink: string, reason: string): void
  recovered(sink: string): void
  lost(count: number, reason: string): void
  /** Tells of what was lost and is not told, a minute after the last time. `atOnce`: whenever that was. */
  tell(atOnce?: boolean): void
}

interface Parts {
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** The pattern in SINKS_FILE. */
  readonly place: string
  readonly way: string
}

export function createPlaceNotices({ clock, log, place, way }: Parts): PlaceNotices {
  const isOver = (toldAt: number): boolean => Math.abs(clock.now() - toldAt) >= limits.toldEvery.max
  const never = Number.NEGATIVE_INFINITY
  let [postponedAt, isPostponed] = [never, false]
  let [lostAt, untold, why] = [never, 0, '']
  function tell(atOnce = false): void {
    if (untold === 0 || !(atOnce || isOver(lostAt))) return
    lostAt = clock.now()
    log.error({ place, way, lost: untold, reason: why }, 'records for a sink are lost')
    untold = 0
  }
  return {
    postponed(sink, reason) {
      if (!isOver(postponedAt)) return
      postponedAt = clock.now()
      isPostponed = true
      log.warn({ place, way, sink, reason }, 'a sink takes no records for now')
    },
    recovered(sink) {
      if (!isPostponed) return
      isPostponed = false
      log.info({ place, way, sink }, 'a sink takes records again')
    },
    lost(count, reason) {
      untold += count
      why = reason
      tell()
    },
    tell,
  }
}
