// When a write is on the disk: group commit over SQLite's write-ahead log (docs/decisions/sqlite-durability.md).
import { closeSync, fdatasync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs'
import { DatabaseAway } from '../database.ts'
import { limits } from '../limits.ts'

/** Thrown for all work, once the disk has failed to take the log. */
export class LogNotFlushed extends DatabaseAway {
  constructor(path: string, cause: unknown) {
    super(
      `The disk did not take the write-ahead log ${path}: ${(cause as Error).message}. What was written last may be lost, so nothing more is answered.`,
      'Check the disk, then restart the server: a start writes the log to the disk once more.',
      cause,
    )
  }
}

/** Thrown to who waits for the disk, and has waited long enough. */
export class FlushTooSlow extends DatabaseAway {
  constructor(path: string) {
    super(
      `The disk has not taken the write-ahead log ${path} within ${limits.flushWait.max} ms.`,
      'The disk is too slow or hangs: see what else writes to it, and the log of the system (dmesg).',
    )
  }
}

/** Counts writes, and lets all who wait share the next flush of the write-ahead log. */
export class LogFlusher {
  readonly #path: string
  readonly #descriptor: number
  #writes = 0
  #flushedWrites = 0
  #running: Promise<void> | undefined
  #failure: LogNotFlushed | undefined
  #fail!: (failure: LogNotFlushed) => void
  /** Resolves with the error of a failed flush. */
  readonly failed = new Promise<LogNotFlushed>((resolve) => {
    this.#fail = resolve
  })

  // The log is not a file that SQLite locks, so a second descriptor on it is harmless when closed.
  constructor(path: string) {
    this.#path = path
    this.#descriptor = openSync(path, 'r+')
  }

  /** The error of a failed flush. It stays: a system that failed to write pages may report the next flush of them as done. */
  get failure(): LogNotFlushed | undefined {
    return this.#failure
  }

  /** Counts one write; answers its number, for `flushed`. */
  written(): number {
    return ++this.#writes
  }

  /** Resolves when all writes up to the number `wanted` are on the disk. Throws a DatabaseAway. */
  async flushed(wanted = this.#writes): Promise<void> {
    while (this.#flushedWrites < wanted) {
      if (this.#failure) throw this.#failure
      this.#running ??= this.#flush()
      await this.#running
    }
  }

  /**
   * Writes all of the log anew and waits for the disk. After a flush that failed, the system's cache holds pages that it
   * takes for written although they are not on the disk: no flush writes them, unless they change. Throws LogNotFlushed.
   */
  rewrite(): void {
    const chunk = Buffer.allocUnsafe(1024 * 1024)
    try {
      for (let at = 0; ; ) {
        const length = readSync(this.#descriptor, chunk, 0, chunk.length, at)
        if (length === 0) break
        at += writeSync(this.#descriptor, chunk, 0, length, at)
      }
      fdatasyncSync(this.#descriptor)
    } catch (error) {
      throw new LogNotFlushed(this.#path, error)
    }
  }

  /**
   * Rejects when the disk fails, or takes too long. A flush that takes too long goes on, and until its end all who come
   * learn at once that it does: others beside it would take the threads that the process has for files.
   */
  async #flush(): Promise<void> {
    const covers = this.#writes
    let limit: NodeJS.Timeout | undefined
    const tooSlow = new Promise<void>((_, failed) => {
      limit = setTimeout(() => failed(new FlushTooSlow(this.#path)), limits.flushWait.max)
    })
    const flush = new Promise<void>((done, failed) =>
      fdatasync(this.#descriptor, (error) => {
        clearTimeout(limit)
        this.#running = undefined
        if (error) return failed(this.#failWith(error))
        this.#flushedWrites = covers
        done()
      }),
    )
    return Promise.race([flush, tooSlow])
  }

  #failWith(cause: Error): LogNotFlushed {
    this.#failure = new LogNotFlushed(this.#path, cause)
    this.#fail(this.#failure)
    return this.#failure
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}
