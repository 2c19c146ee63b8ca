// A disk whose flushes a test decides on: `fdatasync`, as the server calls it, is held back or fails.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

type Done = (error: NodeJS.ErrnoException | null) => void

export interface HeldFlushes {
  /** Resolves when a flush is held back, now or later. */
  asked(): Promise<void>
  /** Lets the flushes go that are held back, and all later ones until `hold`. */
  release(): void
  hold(): void
  /** The next flush fails, and the system drops what it should have written. */
  failNext(): void
  restore(): void
}

/** Replaces the process's `fdatasync`; `onFlush` runs before each with whether it fails. Call `restore` at the end. */
export function holdFlushes(onFlush: (fails: boolean) => void = () => undefined): HeldFlushes {
  const { fdatasync, fdatasyncSync } = fs
  let waiting: (() => void)[] = []
  let heard: (() => void)[] = []
  let holding = false
  let failing = false
  const outcome = (): NodeJS.ErrnoException | null => {
    const error = failing ? Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }) : null
    failing = false
    onFlush(error !== null)
    return error
  }
  const replace = (asynchronous: typeof fdatasync, synchronous: typeof fdatasyncSync): void => {
    fs.fdatasync = asynchronous
    fs.fdatasyncSync = synchronous
    syncBuiltinESMExports()
  }
  const release = (): void => {
    holding = false
    for (const go of waiting.splice(0)) go()
  }
  replace(
    ((descriptor: number, done: Done) => {
      const go = (): void => {
        const error = outcome()
        if (error) queueMicrotask(() => done(error))
        else fdatasync(descriptor, done)
      }
      if (!holding) return go()
      waiting.push(go)
      for (const hear of heard.splice(0)) hear()
    }) as typeof fdatasync,
    (descriptor) => {
      const error = outcome()
      if (error) throw error
      fdatasyncSync(descriptor)
    },
  )
  return {
    asked: () => (waiting.length > 0 ? Promise.resolve() : new Promise((resolve) => heard.push(resolve))),
    release,
    hold: () => {
      holding = true
    },
    failNext: () => {
      failing = true
    },
    restore: () => {
      release()
      waiting = []
      heard = []
      replace(fdatasync, fdatasyncSync)
    },
  }
}
