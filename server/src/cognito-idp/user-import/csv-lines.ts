// The lines of a file that is read piece by piece. A line that is too long is passed over without being held in memory.
import { limits } from '../limits.ts'

export interface FileLine {
  /** Without the line break; undefined where the line has more bytes than a row of so many characters can have. */
  readonly bytes: Buffer | undefined
  /** The position in the file after the line and its line break. */
  readonly end: number
}

const LINE_FEED = 10
const MAX_BYTES = limits.importRow.max * 4 + 2

/**
 * The lines from `position` on, where a line begins. `read` gives the bytes from a position on, as many as it likes, and
 * undefined at the end of the file.
 */
export async function* readLines(
  read: (position: number) => Promise<Buffer | undefined>,
  position: number,
): AsyncGenerator<FileLine> {
  let begun: Buffer[] = []
  let length = 0
  let at = position
  const take = (last: Buffer): Buffer | undefined => {
    const whole = length + last.byteLength > MAX_BYTES ? undefined : Buffer.concat([...begun, last])
    begun = []
    length = 0
    return whole
  }
  for (let piece = await read(at); piece; piece = await read(at)) {
    let from = 0
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, from)) {
      yield { bytes: take(piece.subarray(from, end)), end: at + end + 1 }
      from = end + 1
    }
    const rest = piece.subarray(from)
    length += rest.byteLength
    if (length <= MAX_BYTES) begun.push(rest)
    else begun = []
    at += piece.byteLength
  }
  if (length > 0) yield { bytes: take(Buffer.alloc(0)), end: at }
}
