// Room on the disk that is kept for the moment in which it is full. What the write-ahead log takes can only be given back
// once its pages are in the database, which may have to grow for them: without a reserve a full disk stays full.
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs'

/** The log is copied into the database when it has this many pages (of 4 KiB). */
export const LOG_PAGES = 1000
/** As large as the log gets, so that the database can take all of it. */
const RESERVE_BYTES = LOG_PAGES * 4096

/** Makes the file of the reserve unless it is there. Without room there is none until the next call. */
export function keepReserve(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.size === RESERVE_BYTES) return
  try {
    const file = openSync(path, 'w', 0o600)
    try {
      writeSync(file, Buffer.alloc(RESERVE_BYTES, 'reserve '))
    } finally {
      closeSync(file)
    }
    if (statSync(path).size !== RESERVE_BYTES) spendReserve(path)
  } catch {
    spendReserve(path)
  }
}

/** Gives the room back to the disk. */
export function spendReserve(path: string): void {
  rmSync(path, { force: true })
}
