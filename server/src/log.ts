// The log: structured lines, written in batches so that a request does not wait for its line; in a terminal a person's
// lines (log-lines.ts).
import { type Logger, pino } from 'pino'
import { readableLine } from './log-lines.ts'

export interface Log {
  readonly log: Logger
  /** Writes the lines that are still buffered. */
  close(): void
}

const BATCH_BYTES = 8 * 1024
const FLUSH_MS = 250

/**
 * Lines go to `destination`, or in batches to standard output. `readable`: if that is a terminal, as a person reads them.
 */
export function openLog(
  { level, readable }: { level: string; readable: boolean },
  destination?: { write(line: string): void },
): Log {
  const options = { level, base: null }
  if (destination) return { log: pino(options, destination), close: () => undefined }
  if (level === 'silent') return { log: pino(options), close: () => undefined }
  if (readable && process.stdout.isTTY) {
    const write = (line: string): unknown => process.stdout.write(readableLine(line))
    return { log: pino(options, { write }), close: () => undefined }
  }
  const output = pino.destination({ dest: 1, sync: false, minLength: BATCH_BYTES })
  const timer = setInterval(() => output.flush(), FLUSH_MS).unref()
  return {
    log: pino(options, output),
    close: () => {
      clearInterval(timer)
      output.flushSync()
    },
  }
}
