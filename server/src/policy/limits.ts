import type { Limits } from '../limit.ts'

export const limits = {
  steps: { max: 100_000, bounds: 'comparisons of one decision; what takes more is denied, a simulation of it refused' },
  document: { max: 131_072, unit: 'characters', bounds: "policy document that is looked at: the API's own limit" },
} as const satisfies Limits
