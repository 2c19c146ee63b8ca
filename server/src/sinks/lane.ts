// What waits for one sink of a place: lines, and the batch that is tried.
import type { Batch, Line } from './batch.ts'
import { limits } from './limits.ts'

/** How much one batch holds, and how long its lines wait for others. */
export interface BatchBounds {
  readonly records: number
  readonly bytes: number
  /** What a line of some UTF-8 bytes counts against `bytes`. */
  sizeOf(bytes: number): number
  /** How long lines wait, in ms; 0: until the next look of the process, a second at most. */
  readonly wait: number
}

export interface Lane {
  readonly name: string
  lines: Line[]
  /** Sum of the lines' sizes, as the way counts them. */
  size: number
  /** UTF-8 bytes of everything that waits, the batch included; counted by the queue. */
  held: number
  /** When the first line came, epoch milliseconds. */
  since: number
  /** Is tried again as it is. */
  batch: Batch | undefined
  /** Failures of `batch`, one after the other. */
  failures: number
  /** When `batch` is tried again, epoch milliseconds. */
  notBefore: number
  /** Lines in a batch; less while the line is looked for that a place refuses. */
  most: number
}

export const newLane = (name: string, { records }: BatchBounds): Lane => ({
  name,
  lines: [],
  size: 0,
  held: 0,
  since: 0,
  batch: undefined,
  failures: 0,
  notBefore: 0,
  most: records,
})

export const isEmpty = ({ batch, lines }: Lane): boolean => !batch && lines.length === 0

export function push(lane: Lane, line: Line, { sizeOf }: BatchBounds, now: number): void {
  if (lane.lines.length === 0) lane.since = now
  lane.lines.push(line)
  lane.size += sizeOf(line.bytes)
}

/** How much may wait for a place. */
export interface WaitingBounds {
  readonly records: number
  /** UTF-8. */
  readonly bytes: number
}

/** The part of `bounds` that a lane has, with further records; 0 for no lane. */
export function shareOf(lane: Lane | undefined, bounds: WaitingBounds, more = { records: 0, bytes: 0 }): number {
  const records = (lane?.lines.length ?? 0) + (lane?.batch?.lines.length ?? 0)
  return Math.max((records + more.records) / bounds.records, ((lane?.held ?? 0) + more.bytes) / bounds.bytes)
}

/** Takes the newest line that is in no batch; undefined when there is none. */
export function takeNewest(lane: Lane, { sizeOf }: BatchBounds): Line | undefined {
  const line = lane.lines.pop()
  if (line) lane.size -= sizeOf(line.bytes)
  return line
}

/** Whether there is a batch that is to be tried now; `now` may be before what it was, when a clock was set back. */
export function isDue(lane: Lane, { wait, ...bounds }: BatchBounds, now: number): boolean {
  const { batch, notBefore, lines, since } = lane
  if (batch) return now >= notBefore || notBefore - now > 2 * limits.pause.max
  return lines.length > 0 && (isFull(lane, bounds) || Math.abs(now - since) >= wait)
}

/** Whether there are lines for a whole batch. */
export const isFull = ({ lines, size, most }: Lane, { bytes }: Pick<BatchBounds, 'bytes'>): boolean =>
  lines.length >= most || size >= bytes

/** Takes the lines of a batch from the front; one at least. */
export function take(lane: Lane, { bytes: max, sizeOf }: BatchBounds, now: number): readonly Line[] {
  let [count, size] = [0, 0]
  for (const { bytes } of lane.lines) {
    const next = size + sizeOf(bytes)
    if (count >= lane.most || (count > 0 && next > max)) break
    size = next
    count += 1
  }
  lane.size -= size
  lane.since = now
  return lane.lines.splice(0, count)
}

/** Puts the lines of a refused batch back to the front, to be tried at once in batches of half as many. */
export function halve(lane: Lane, lines: readonly Line[], { sizeOf }: BatchBounds): void {
  lane.most = Math.ceil(lines.length / 2)
  lane.lines = [...lines, ...lane.lines]
  for (const { bytes } of lines) lane.size += sizeOf(bytes)
  lane.since = Number.NEGATIVE_INFINITY
}
