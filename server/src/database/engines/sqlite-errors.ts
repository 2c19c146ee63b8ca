// Classifies errors of SQLite (https://sqlite.org/rescode.html) and says what the operator can do about each.
import { utimesSync } from 'node:fs'
import { DatabaseAway, DatabaseUnavailable } from '../database.ts'
import type { SqliteError } from './sqlite-driver.ts'

/** Result codes without what their upper bytes add. */
const PRIMARY_CODE = 0xff
const BUSY = 5
const CORRUPT = 11
const FULL = 13

const DISK =
  'The system could not read or write the database: see its log (dmesg) for what the disk reports, and mend that. This server goes on by itself as soon as the disk does.'
const READ_ONLY =
  'The database or its file system can only be read: make it writable for the user of this server (mount options, owner and mode of the files).'

/** What the operator can do about an error after which the same work may succeed later, by primary result codes. */
const ADVICE = new Map<number, string>([
  [7, 'The process has no memory left: give it more.'],
  [8, READ_ONLY],
  [10, DISK],
  // Also a read that the system fails with EIO, which SQLite takes for a damaged file system.
  [
    CORRUPT,
    'The database file is damaged or the disk fails to read it: see the log of the system (dmesg). If that tells of the disk, mend it: a server that runs goes on by itself. Else stop the server, keep a copy of the files, and put back the newest backup.',
  ],
  [
    FULL,
    'The disk is full: make room on it. This server has given back what its own log took, and goes on by itself as soon as there is room.',
  ],
  [14, 'A file of the database cannot be opened: check the folder, its owner and mode, and the limit of open files.'],
  [26, 'The database file is not one of SQLite: stop the server and put back the newest backup.'],
])

/**
 * The codes of the texts with which SQLite reports what failed below it (`sqlite3ErrStr` in its main.c): `all` of
 * @photostructure/sqlite throws nothing but the text.
 */
const CODES = new Map<string, number>([
  ['out of memory', 7],
  ['attempt to write a readonly database', 8],
  ['disk I/O error', 10],
  ['database disk image is malformed', CORRUPT],
  ['database or disk is full', FULL],
  ['unable to open database file', 14],
  ['file is not a database', 26],
])

const primaryCode = (error: unknown): number => {
  const { errcode, message } = error as Partial<SqliteError>
  return errcode === undefined ? (CODES.get(message ?? '') ?? 0) : errcode & PRIMARY_CODE
}

/** The error of a write that found the disk full. */
export class DiskFull extends DatabaseAway {
  /** Whether the write-ahead log has been given back since, so that the same work may succeed now. */
  roomMade = false
}

/** The error to throw for work on `file` that failed: a DatabaseAway if it may succeed later, else the error itself. */
export function asAway(error: unknown, file: string): unknown {
  if (error instanceof DatabaseAway) return error
  const code = primaryCode(error)
  const advice = code === 10 && isReadOnly(file) ? READ_ONLY : ADVICE.get(code)
  if (advice === undefined) return error
  return new (code === FULL ? DiskFull : DatabaseAway)(`SQLite: ${(error as Error).message}`, advice, error)
}

// SQLite reports a write to a file system that became read-only as any other failed write, and access(2) does not know of
// one that ext4 has closed after an error. A new time of change asks for a write without opening the file: closing it again
// would drop SQLite's locks.
function isReadOnly(file: string): boolean {
  try {
    const now = new Date()
    utimesSync(file, now, now)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS'
  }
}

/** The error to throw when the database cannot be opened. */
export function openingError(error: unknown, file: string): DatabaseUnavailable {
  if (primaryCode(error) === BUSY)
    return new DatabaseUnavailable(
      `Another Cognomen process is using ${file}. Stop it, set another DATA_DIR, or use DATABASE_URL=postgres://… to run several processes on one database.`,
    )
  const away = asAway(error, file)
  const advice = away instanceof DatabaseAway ? `\n${away.advice}` : ''
  return new DatabaseUnavailable(`The database ${file} cannot be opened: ${(error as Error).message}${advice}`)
}
