// The system's random generator, read in blocks, as most callers need a few bytes only.
import { randomFillSync } from 'node:crypto'
import type { Random } from './effects.ts'

const BLOCK = 4096
const MAX_FROM_BLOCK = 64

/** Each byte is used once. Large requests are read from the system directly. */
export function systemRandom(): Random {
  const block = Buffer.alloc(BLOCK)
  let used = BLOCK
  return {
    bytes(count) {
      if (count > MAX_FROM_BLOCK) return randomFillSync(Buffer.alloc(count))
      if (used + count > BLOCK) {
        randomFillSync(block)
        used = 0
      }
      const bytes = Buffer.from(block.subarray(used, used + count))
      // Erase bytes that were handed out: they may have become a secret.
      block.fill(0, used, used + count)
      used += count
      return bytes
    },
  }
}
