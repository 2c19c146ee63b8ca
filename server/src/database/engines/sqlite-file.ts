// The files of an SQLite database: makes them private, opens and closes the connection, and says at the start what looks
// wrong about them.
import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeSecretFolder } from '../../config/make-folder.ts'
import type { SqliteDatabase } from './sqlite-driver.ts'
import { openingError } from './sqlite-errors.ts'
import { LogFlusher } from './sqlite-log.ts'
import { keepReserve, LOG_PAGES } from './sqlite-reserve.ts'

export interface OpenFile {
  connection: SqliteDatabase
  /** Undefined for a database in memory. */
  log: LogFlusher | undefined
}

/**
 * Opens (and makes) the database at `file`, or in memory for `:memory:`. `warn` gets what looks wrong, in sentences.
 * Throws DatabaseUnavailable.
 */
export function openFile(
  file: string,
  connect: (path: string) => SqliteDatabase,
  warn: (text: string) => void,
): OpenFile {
  if (file === ':memory:') return { connection: configured(file, connect).connection, log: undefined }
  makeSecretFolder(dirname(file))
  makePrivate(file)
  const logFile = `${file}-wal`
  const logBytes = existsSync(logFile) ? statSync(logFile).size : undefined
  const { connection, stoppedInOrder } = configured(file, connect)
  try {
    if (!stoppedInOrder && logBytes === undefined) warn(missingLog(file))
    for (const path of [dirname(file), file, logFile]) warnOfLooseMode(path, warn)
    const log = new LogFlusher(logFile)
    if (logBytes) log.rewrite()
    keepReserve(`${file}-reserve`)
    return { connection, log }
  } catch (error) {
    connection.close()
    throw openingError(error, file)
  }
}

// A new database is made by us, so that nobody else on the machine may read it. An existing one is not even opened here:
// closing a descriptor would drop the locks of another connection in this process.
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function configured(
  file: string,
  connect: (path: string) => SqliteDatabase,
): { connection: SqliteDatabase; stoppedInOrder: boolean } {
  let connection: SqliteDatabase | undefined
  try {
    connection = connect(file)
    connection.exec('PRAGMA locking_mode=EXCLUSIVE')
    // A stop leaves the mode of the write-ahead log (`closeConnection`); a process that was killed does not.
    const mode = connection.prepare('PRAGMA journal_mode').get() as { journal_mode: string }
    connection.exec('PRAGMA journal_mode=WAL')
    connection.exec('PRAGMA synchronous=NORMAL')
    connection.exec('PRAGMA cache_size=-32768')
    connection.exec(`PRAGMA wal_autocheckpoint=${LOG_PAGES}`)
    connection.exec('BEGIN IMMEDIATE; COMMIT')
    return { connection, stoppedInOrder: mode.journal_mode !== 'wal' }
  } catch (error) {
    connection?.close()
    throw openingError(error, file)
  }
}

const missingLog = (file: string): string =>
  `The write-ahead log ${file}-wal is missing, although the server was not stopped in order the last time. If somebody removed it, what was written last is lost: stop the server and put back a backup of both files. If another program, such as sqlite3, has opened the database since, nothing is lost.`

/** What everybody else on the machine may do with a file. */
const OTHERS = 0o077

function warnOfLooseMode(path: string, warn: (text: string) => void): void {
  const { mode } = statSync(path)
  if (process.platform !== 'win32' && mode & OTHERS)
    warn(
      `Others on this machine can read ${path} (mode ${(mode & 0o777).toString(8)}), which holds what users entrusted to this server: chmod go= ${path}`,
    )
}

/**
 * Closes the connection so that this process can open the file again. Prepared statements of @photostructure/sqlite keep
 * the connection open, and its lock held, until they are collected as garbage: leaving WAL mode, leaving exclusive mode
 * and one read give the lock back now. `onError` hears of a log that could not be copied.
 */
export function closeConnection(connection: SqliteDatabase, onError: (error: Error) => void): void {
  try {
    connection.exec('PRAGMA journal_mode=DELETE')
    connection.exec('PRAGMA locking_mode=NORMAL')
    connection.exec('SELECT name FROM sqlite_master LIMIT 1')
  } catch (error) {
    const { message } = error as Error
    onError(
      new Error(
        `The write-ahead log could not be copied into the database at the stop: ${message}. Nothing is lost: the next start reads it from the log.`,
        { cause: error },
      ),
    )
  }
  connection.close()
}
