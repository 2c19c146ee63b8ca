// A file that an operator replaces while the server runs: read at the start, and read again when it changes. What cannot be
// used refuses the start; later it is logged, and what was read before stays in force.
import { readFile, stat } from 'node:fs/promises'
import type { Logger } from 'pino'
import { ConfigError } from '../config/config-error.ts'

export interface FileToWatch<Content> {
  /** The setting that names the file. */
  readonly setting: string
  readonly path: string
  readonly maxBytes: number
  /** Throws an Error with what is wrong: it ends the sentence "… names the file, which cannot be used: ". */
  readonly parse: (bytes: Buffer) => Content | Promise<Content>
}

export interface WatchedFile<Content> {
  /** What was read last. */
  content(): Content
  /** Reads the file if it has changed since. Never rejects. Not to be called again before it has ended. */
  refresh(): Promise<void>
}

/** Reads the file. Rejects with ConfigError when it cannot be used. */
export async function watchFile<Content>(
  file: FileToWatch<Content>,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<WatchedFile<Content>> {
  const { setting, path } = file
  let { content, version } = await read(file).catch((error: Error) => {
    throw new ConfigError([`${setting} names ${path}, which cannot be used: ${error.message}`])
  })
  return {
    content: () => content,
    async refresh() {
      const present = await versionOf(path).catch(() => GONE)
      if (present === version) return
      try {
        const found = await read(file)
        // Somebody is still writing it: its last version comes with the next look.
        if ((await versionOf(path)) !== found.version) return
        ;({ content, version } = found)
        log.info({ setting, path }, 'the file has changed and was read again')
      } catch (error) {
        version = present
        const problem = (error as Error).message
        log.warn({ setting, path, problem }, 'the file has changed and cannot be used: what was read before stays')
      }
    },
  }
}

const GONE = 'gone'

async function read<Content>({ path, maxBytes, parse }: FileToWatch<Content>) {
  const version = await versionOf(path)
  const { size } = await stat(path)
  if (size > maxBytes) throw new Error(`it has ${size} bytes, and at most ${maxBytes} are read`)
  return { content: await parse(await readFile(path)), version }
}

/** Differs when a file was written or replaced. Rejects when there is none. */
async function versionOf(path: string): Promise<string> {
  const { mtimeNs, size, ino } = await stat(path, { bigint: true })
  return [mtimeNs, size, ino].join(' ')
}
