import type { Limits } from '../limit.ts'

export const limits = {
  importedHash: { max: 1536, unit: 'characters', bounds: 'password hash of another system that an import brings' },
  importedHashChecks: { max: 1, bounds: 'checks of such hashes that a worker thread works on at once' },
} as const satisfies Limits
