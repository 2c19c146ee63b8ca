import type { Limits } from '../limit.ts'

// What bounds a queue is how long its last job waits on one core, and that is to be some tens of milliseconds: an
// exponentiation takes about 0.7 ms, a signature 0.3. A refresh asks for two signatures, so that a burst of a hundred of
// them, which a core has done in 70 ms, must find room.
export const limits = {
  queuedExponentiations: { max: 64, bounds: 'password checks and SRP steps that wait for a worker thread' },
  queuedSignatures: { max: 256, bounds: 'signatures of tokens that wait' },
  queuedFor: { max: 500, unit: 'ms', bounds: 'time that either waits before it is refused' },
} as const satisfies Limits
