// Reads request bodies within limits: on each body, and on the memory of all bodies being read together. Not here:
// decoding and the answers to bodies that are refused.
import type { IncomingMessage } from 'node:http'
import { limits } from './limits.ts'

/** Thrown by ReadBody: more bytes than the limit. */
export class BodyTooLarge extends Error {}

/** Thrown by ReadBody: the large bodies being read already use all the shared memory. */
export class TooManyBodies extends Error {}

/**
 * Resolves with the whole body, at most `limit` bytes. Rejects with BodyTooLarge or TooManyBodies and stops reading.
 */
export type ReadBody = (request: IncomingMessage, limit: number) => Promise<Buffer>

/** A reader whose bodies share one memory limit: create one per server. */
export function createBodyReader(): ReadBody {
  const shared = { bytes: 0 }
  return (request, limit) => readBody(request, limit, shared)
}

async function readBody(request: IncomingMessage, limit: number, shared: { bytes: number }): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limit) throw new BodyTooLarge()
  return new Promise((resolve, reject) => {
    // One growing buffer: a list of chunks would take a hundred times the size of a body sent in chunks of one byte.
    let bytes = Buffer.allocUnsafe(Math.min(announced || 4096, limits.ownBody.max))
    let size = 0
    let borrowed = 0
    const giveBack = (): void => {
      shared.bytes -= borrowed
      borrowed = 0
    }
    const refuse = (error: Error): void => {
      request.removeAllListeners('data')
      request.pause()
      giveBack()
      reject(error)
    }
    const grow = (needed: number): boolean => {
      const capacity = Math.min(limit, Math.max(needed, 2 * bytes.length))
      const more = Math.max(0, capacity - limits.ownBody.max) - borrowed
      if (shared.bytes + more > limits.sharedBodies.max) return false
      shared.bytes += more
      borrowed += more
      const larger = Buffer.allocUnsafe(capacity)
      bytes.copy(larger, 0, 0, size)
      bytes = larger
      return true
    }
    request.on('data', (chunk: Buffer) => {
      const needed = size + chunk.length
      if (needed > limit) return refuse(new BodyTooLarge())
      if (needed > bytes.length && !grow(needed)) return refuse(new TooManyBodies())
      chunk.copy(bytes, size)
      size = needed
    })
    request.on('end', () => {
      giveBack()
      resolve(bytes.subarray(0, size))
    })
    request.on('error', (error) => refuse(error))
    request.on('aborted', () => refuse(new Error('the client went away')))
  })
}
