import type { Limits } from '../limit.ts'

// The length of each queue: its last job should wait only some tens of milliseconds on one core. An exponentiation
// takes about 0.7 ms, a signature 0.3. A refresh needs two signatures, and a burst of a hundred refreshes (70 ms of one
// core) should fit.
export const limits = {
  queuedExponentiations: { max: 64, bounds: 'password checks and SRP steps that wait for a worker thread' },
  queuedSignatures: { max: 256, bounds: 'signatures of tokens that wait' },
  queuedFor: { max: 500, unit: 'ms', bounds: 'time that either waits before it is refused' },
} as const satisfies Limits
