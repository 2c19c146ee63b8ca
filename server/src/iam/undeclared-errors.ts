// Errors of IAM that its model does not list for operations.
import type { UndeclaredErrors } from '../service.ts'

export const undeclaredErrors = {
  ValidationError: { why: 'the service answers it to every input that breaks a constraint; no list has it' },
  AccessDenied: {
    why: "a key that is nobody's looks like one of another account",
    by: (operation) => operation === 'GetAccessKeyLastUsed',
  },
  NoSuchEntityException: {
    why: 'the permissions boundary that is named may not be there',
    by: (operation) => operation === 'CreateRole',
  },
  InvalidInputException: {
    why: 'the role may be none of a service (docs/behaviour/iam.md)',
    by: (operation) => operation === 'DeleteServiceLinkedRole',
  },
} as const satisfies UndeclaredErrors
