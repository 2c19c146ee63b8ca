// Storage of programs in Node.js: a file of its own for one process at a time.
import { open, readFile, rename } from 'node:fs/promises'
import type { Storage } from './storage.ts'

/** Lines that may be there beside those of the entries before the file is written anew. */
const SPARE_LINES = 1_000

/**
 * Keeps entries in a file. Each write adds a line and is flushed to the disk; a line that a crash cut off is left out when
 * the file is read again, as a whole.
 */
export function fileStorage(path: string): Storage {
  let entries: Map<string, unknown> | undefined
  let lines = 0
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other, also after a failure. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work, work)
    last = next.catch(() => {})
    return next
  }

  async function load(): Promise<Map<string, unknown>> {
    if (entries) return entries
    const text = await readFile(path, 'utf8').catch((error) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    const found = new Map<string, unknown>()
    const written = text.split('\n')
    for (const line of written) for (const [key, value] of changesOf(line)) change(found, key, value)
    entries = found
    // What a crash cut off must not stand before the next line.
    if (written.at(-1) !== '') await rewrite(found)
    else lines = written.length
    return found
  }

  async function rewrite(all: ReadonlyMap<string, unknown>): Promise<void> {
    await append(`${path}.new`, 'w', all)
    await rename(`${path}.new`, path)
    lines = 1
  }

  return {
    read: (prefix) =>
      inTurn(async () => {
        const found = [...(await load())].filter(([key]) => key.startsWith(prefix))
        return new Map(found.map(([key, value]) => [key, structuredClone(value)]))
      }),
    write: (changes) =>
      inTurn(async () => {
        const all = await load()
        const next = new Map(all)
        for (const [key, value] of changes) change(next, key, value)
        // A write that fails may leave half a line: the file is read and mended before the next one.
        entries = undefined
        if (lines > next.size + SPARE_LINES) await rewrite(next)
        else await append(path, 'a', changes)
        lines++
        entries = next
      }),
    close: () => inTurn(async () => {}),
  }
}

async function append(path: string, flags: 'a' | 'w', changes: ReadonlyMap<string, unknown>): Promise<void> {
  const file = await open(path, flags, 0o600)
  try {
    const line = [...changes].map(([key, value]) => (value === undefined ? [key] : [key, value]))
    await file.writeFile(`${JSON.stringify(line)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

function changesOf(line: string): [key: string, value?: unknown][] {
  try {
    const changes: unknown = JSON.parse(line)
    return Array.isArray(changes) && changes.every((change) => typeof Object(change)[0] === 'string') ? changes : []
  } catch {
    return []
  }
}

function change(entries: Map<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) entries.delete(key)
  else entries.set(key, value)
}
