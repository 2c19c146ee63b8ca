// When a write is on the disk: group commit over SQLite's write-ahead log (docs/decisions/sqlite-durability.md).
import { closeSync, fdatasync, openSync } from 'node:fs'

/** Thrown to everybody who waits for the disk, once the disk has failed. */
export class LogNotFlushed extends Error {
  constructor(path: string, cause: unknown) {
    super(
      `The disk did not take the write-ahead log ${path}: ${(cause as Error).message}. What is in it now may be lost, so nothing more is answered. Check the disk, then restart the server.`,
      { cause },
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

  // The log is not a file that SQLite locks, so a second descriptor on it is harmless when closed.
  constructor(path: string) {
    this.#path = path
    this.#descriptor = openSync(path, 'r+')
  }

  /** The error of a failed flush. It stays: a system that failed to write pages may report the next flush of them as done. */
  get failure(): LogNotFlushed | undefined {
    return this.#failure
  }

  written(): void {
    this.#writes++
  }

  /** Resolves when all that was written before is on the disk. Throws LogNotFlushed. */
  async flushed(): Promise<void> {
    const wanted = this.#writes
    while (this.#flushedWrites < wanted) {
      if (this.#failure) throw this.#failure
      this.#running ??= this.#flush()
      await this.#running
    }
  }

  async #flush(): Promise<void> {
    const covers = this.#writes
    try {
      await new Promise<void>((done, failed) =>
        fdatasync(this.#descriptor, (error) => (error ? failed(error) : done())),
      )
      this.#flushedWrites = covers
    } catch (error) {
      this.#failure = new LogNotFlushed(this.#path, error)
      throw this.#failure
    } finally {
      this.#running = undefined
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}
