// The log lines about connections that were closed by the bounds of connections.ts: one a minute at most, so that a flood of
// connections is no flood of lines.
import type { Logger } from 'pino'

/** Why a connection was closed; the words are those of the log. */
export type DropReason =
  /** MAX_CONNECTIONS were open. */
  | 'tooMany'
  /** MAX_CONNECTIONS_PER_ADDRESS of its address were open. */
  | 'tooManyOfAddress'
  /** The body of a request came below the minimal rate. */
  | 'slowBody'

export interface DroppedConnections {
  dropped(reason: DropReason): void
  /** Logs what was counted since the last line; the server has stopped. */
  end(): void
}

const MINUTE_MS = 60_000

/** Counts dropped connections by reason. The first is logged at once, those of the following minute with the next line. */
export function reportDropped(log: Pick<Logger, 'warn'>): DroppedConnections {
  let counts: Partial<Record<DropReason, number>> = {}
  let pause: NodeJS.Timeout | undefined
  const report = (): void => {
    pause = undefined
    if (Object.keys(counts).length === 0) return
    log.warn(counts, 'connections were closed: there were too many, or a body came too slowly')
    counts = {}
    pause = setTimeout(report, MINUTE_MS).unref()
  }
  return {
    dropped(reason) {
      counts[reason] = (counts[reason] ?? 0) + 1
      if (pause === undefined) report()
    },
    end() {
      clearTimeout(pause)
      report()
      clearTimeout(pause)
    },
  }
}
