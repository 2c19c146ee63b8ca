// Version 4 UUIDs from the context's source of randomness.
import { uuid } from '../crypto/random-ids.ts'
import type { Random } from './effects.ts'

export const newUuid = (random: Random): string => uuid((count) => random.bytes(count))

const SHARED_BYTES = 2

/**
 * A source of UUIDs that lie beside one another in every index: they share their first 16 bits, random as well. Rows that
 * are written together then change a few pages of an index and not one page for each row. 106 bits of each differ.
 */
export function uuidsOfOnePlace(random: Random): () => string {
  const place = random.bytes(SHARED_BYTES)
  return () => uuid((count) => Buffer.concat([place, random.bytes(count - SHARED_BYTES)]))
}
