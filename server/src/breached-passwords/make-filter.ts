// `cognomen breached-passwords <list> <out>`: makes the filter of a list. The list is read twice, first to count its lines.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { addTo, BLOCK_BYTES, blockOf, blocksFor, falsePositiveRate, headerOf } from './filter-rules.ts'

export interface FilterMade {
  readonly passwords: number
  readonly bytes: number
  /** Share of other passwords that seem to be in the list. */
  readonly falsePositiveRate: number
}

/** A line of Have I Been Pwned's list of SHA-1 hashes: the hash, and how often it was seen. */
const HASHED = /^([0-9A-Fa-f]{40})(?::\d+)?$/

const NEWLINE = 10
const LONGEST_LINE = 4096
const WRITE_BYTES = 1 << 26

/**
 * Makes the filter of the passwords in the file `list`, a line each: the password itself, or its SHA-1 in hex, with a count
 * after a colon. Needs as much memory as the filter has bytes (3 a password). `progress` gets the share done, from 0 to 1.
 * `out` is there only when it is whole. Rejects with the system's error for files, and for lists without a password.
 */
export async function makeFilter(
  list: string,
  out: string,
  progress: (share: number) => void = () => undefined,
): Promise<FilterMade> {
  const { size } = await stat(list)
  let passwords = 0
  for await (const { lines, read } of linesOf(list)) {
    passwords += lines.length
    progress((0.3 * read) / size)
  }
  if (passwords === 0) throw new Error(`${list} has no passwords.`)
  const blocks = blocksFor(passwords)
  const bytes = Buffer.alloc(blocks * BLOCK_BYTES)
  for await (const { lines, read } of linesOf(list)) {
    for (const line of lines) {
      const sha1 = hashOf(line)
      addTo(bytes, blockOf(sha1, blocks) * BLOCK_BYTES, sha1)
    }
    progress(0.3 + (0.7 * read) / size)
  }
  const header = headerOf(passwords)
  await writeWhole(out, [header, bytes])
  return { passwords, bytes: header.length + bytes.length, falsePositiveRate: falsePositiveRate(passwords) }
}

function hashOf(line: Buffer): Buffer {
  if (line.length >= 40) {
    const hash = HASHED.exec(line.toString('latin1'))?.[1]
    if (hash !== undefined) return Buffer.from(hash, 'hex')
  }
  return createHash('sha1').update(line).digest()
}

/** The lines of a file that are not empty, by the chunk, without what ends them; `read` is how many bytes are behind. */
async function* linesOf(path: string): AsyncGenerator<{ lines: Buffer[]; read: number }> {
  let rest: Buffer = Buffer.alloc(0)
  let read = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    read += (chunk as Buffer).length
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const lines: Buffer[] = []
    let from = 0
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      push(lines, bytes.subarray(from, end))
      from = end + 1
    }
    rest = bytes.subarray(from)
    if (rest.length > LONGEST_LINE) throw new Error(`${path} has a line of more than ${LONGEST_LINE} bytes.`)
    yield { lines, read }
  }
  const last: Buffer[] = []
  push(last, rest)
  yield { lines: last, read }
}

function push(lines: Buffer[], line: Buffer): void {
  const text = line.at(-1) === 13 ? line.subarray(0, -1) : line
  if (text.length > 0) lines.push(text)
}

/** Writes a file under another name first, so that no half of it is ever read. */
async function writeWhole(path: string, parts: readonly Buffer[]): Promise<void> {
  const unfinished = `${path}.unfinished`
  const file = await open(unfinished, 'w')
  try {
    for (const part of parts)
      for (let at = 0; at < part.length; at += WRITE_BYTES) await file.writeFile(part.subarray(at, at + WRITE_BYTES))
    await file.sync()
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  } finally {
    await file.close()
  }
  await rename(unfinished, path)
}
