// Errors of STS that its model does not list for operations, by their names on the wire
// (docs/reference/identity-pools-sts-iam-sync.md 15.6).
import type { UndeclaredErrors } from '../service.ts'

export const undeclaredErrors = {
  AccessDenied: {
    why: 'a trust policy, or the kind of caller, does not allow it; the operations decide that themselves',
  },
  InvalidParameterValue: { why: 'tags that no session can have' },
  ValidationError: { why: 'what breaks a constraint, durations and ARNs among them; no list has it' },
} as const satisfies UndeclaredErrors
