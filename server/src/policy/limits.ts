import type { Limits } from '../limit.ts'

export const limits = {
  document: { max: 131_072, unit: 'characters', bounds: "policy document that is looked at: the API's own limit" },
} as const satisfies Limits
