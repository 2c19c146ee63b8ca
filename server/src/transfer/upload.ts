// Sends the file of an import job piece by piece; one that was lost is sent again, from where the server has got to.
import type { FileHandle } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { CommandProblem, PAUSE_MS, TRIES } from './caller.ts'
import { type Output, startProgress } from './output.ts'

const PIECE_BYTES = 8 * 2 ** 20
const LINE_FEED = 10

/** `addressOf` gives the job's PreSignedUrl anew, as a long upload outlives one. Resolves with the lines of the file. */
export async function upload(file: FileHandle, addressOf: () => Promise<string>, output: Output): Promise<number> {
  const { size } = await file.stat()
  const progress = startProgress(output, 'bytes sent')
  const lines = lineCounter()
  let url = await addressOf()
  let failures = 0
  for (let sent = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(PIECE_BYTES, size - sent)), 0, undefined, sent)
    const piece = buffer.subarray(0, bytesRead)
    lines.see(piece, sent)
    const range = `bytes ${sent}-${sent + bytesRead - 1}/${size}`
    const headers: Record<string, string> = size === 0 ? {} : { 'content-range': range }
    const answer = await fetch(url, { method: 'PUT', body: piece, headers }).catch(() => undefined)
    const status = answer?.status ?? 503
    if (status === 200) {
      progress.end(size, size)
      return lines.count()
    }
    const hasPart = status === 308 || status === 416
    if (answer && !hasPart && status < 500 && status !== 403) throw new CommandProblem(await messageOf(answer))
    if (status === 308) failures = 0
    else if (++failures === TRIES) throw new CommandProblem('The file could not be sent: the server does not answer.')
    else await setTimeout(PAUSE_MS * failures)
    // The address is good for a quarter of an hour.
    if (status === 403) url = await addressOf()
    // What the server has is where to go on.
    const known = answer?.headers.get('range')
    if (hasPart) sent = known ? Number(known.slice('bytes=0-'.length)) + 1 : 0
    progress.show(sent, size)
  }
}

/** A proxy in front of the server may have words of its own. */
async function messageOf(answer: Response): Promise<string> {
  const { message } = (await answer.json().catch(() => ({}))) as { message?: string }
  return message ?? `The file could not be sent to ${new URL(answer.url).origin}: HTTP ${answer.status}.`
}

/** Counts lines of pieces that may come twice. */
function lineCounter() {
  let seen = 0
  let feeds = 0
  let endsWithFeed = true
  return {
    see(piece: Buffer, position: number): void {
      const fresh = piece.subarray(Math.max(0, seen - position))
      if (fresh.byteLength === 0) return
      for (let at = fresh.indexOf(LINE_FEED); at >= 0; at = fresh.indexOf(LINE_FEED, at + 1)) feeds++
      seen = position + piece.byteLength
      endsWithFeed = fresh.at(-1) === LINE_FEED
    },
    count: (): number => feeds + (endsWithFeed ? 0 : 1),
  }
}
