// The messages between the process and its worker threads.
import type { ThreadJobs } from './jobs.ts'

export interface JobRequest {
  id: number
  job: keyof ThreadJobs
  input: unknown
}

/** `error` is present when the job threw. */
export interface JobAnswer {
  id: number
  output?: unknown
  error?: unknown
}

/**
 * `value` with each Uint8Array in it (at the top or one level down) copied into a buffer of its own. Structured clone
 * copies the whole buffer behind a view, and a small Buffer is a view of a slab that may hold unrelated secrets.
 */
export function withOwnBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return ownBytes(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, ownBytes(member)]))
}

function ownBytes(value: unknown): unknown {
  const isView = value instanceof Uint8Array && value.byteLength !== value.buffer.byteLength
  return isView ? new Uint8Array(value) : value
}
