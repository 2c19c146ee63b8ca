// The real source of randomness: the system's generator, asked for a block at a time, as most callers want a few bytes.
import { randomFillSync } from 'node:crypto'
import type { Random } from './effects.ts'

const BLOCK = 4096
const MAX_FROM_BLOCK = 64

/** Bytes are handed out once. Large requests go to the system directly. */
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
      // What was handed out is not kept here.
      block.fill(0, used, used + count)
      used += count
      return bytes
    },
  }
}
