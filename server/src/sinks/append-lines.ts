// A file of JSON lines. Each call is one write of whole lines, so that several processes may append to one file; the file is
// opened by each call, so that it may be rotated.
import { appendFile } from 'node:fs/promises'
import { PutFailed } from './put-failed.ts'

/** Nothing that passes by itself. */
const WRONG_FILE: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EROFS', 'EPERM'])

/** Appends a line for each text. Rejects with PutFailed. */
export async function appendLines(file: string, texts: readonly string[]): Promise<void> {
  try {
    await appendFile(file, texts.map((text) => `${text}\n`).join(''), { mode: 0o600 })
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    throw new PutFailed(`file ${code}`, WRONG_FILE.has(code) ? 'place' : 'later')
  }
}
