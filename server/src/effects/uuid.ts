// Version 4 UUIDs from the context's source of randomness.
import { uuid } from '../crypto/random-ids.ts'
import type { Random } from './effects.ts'

export const newUuid = (random: Random): string => uuid((count) => random.bytes(count))
