// A file of JSON lines. Each record is one write of one line, so that several processes may append to one file.
import { appendFile } from 'node:fs/promises'
import type { FilePlace } from '../../config/stream-places.ts'
import { PutFailed, type SinkParts, type StreamRecord } from '../sink.ts'

/** Nothing that passes by itself. */
const WRONG_FILE: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EROFS', 'EPERM'])

export async function putIntoFile(_parts: SinkParts, { file }: FilePlace, { body }: StreamRecord): Promise<void> {
  try {
    await appendFile(file, `${body}\n`, { mode: 0o600 })
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    throw new PutFailed(`file ${code}`, WRONG_FILE.has(code) ? 'stream' : 'later')
  }
}
