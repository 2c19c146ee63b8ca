// Writes to the storage: all changes of a moment in one, one after the other.
import { SyncError } from './errors.ts'

export interface Writes {
  /** Resolves when the changes are written. Nobody has to wait: `onWritten` is told as well. */
  save(changes: Iterable<readonly [string, unknown]>): Promise<void>
  /** What was saved so far is written, or could not be. */
  written(): Promise<void>
  /** The last write; rejects with StorageError when it failed. */
  last(): Promise<void>
}

/** `write` stores changes; `onWritten` is told after each, and whether it went well. What could not be written, the next one brings. */
export function makeWrites(
  write: (changes: ReadonlyMap<string, unknown>) => Promise<void>,
  onWritten: (stored: boolean) => void,
): Writes {
  let dirty = new Map<string, unknown>()
  let next: Promise<void> | undefined
  let last: Promise<void> = Promise.resolve()

  const written = (): Promise<void> => last.catch(() => {})

  async function writeAll(): Promise<void> {
    const batch = dirty
    dirty = new Map()
    next = undefined
    let stored = false
    try {
      await write(batch)
      stored = true
    } catch (cause) {
      dirty = new Map([...batch, ...dirty])
      throw new SyncError('StorageError', 'Changes cannot be stored on this device.', { cause })
    } finally {
      onWritten(stored)
    }
  }

  return {
    save(changes) {
      for (const change of changes) dirty.set(...change)
      if (!next) {
        next = written().then(writeAll)
        last = next
        void written()
      }
      return next
    },
    written,
    last: () => next ?? last,
  }
}
