// The errors for logins that cannot be linked to an identity (docs/reference/identity-pools-sts-iam-sync.md 12; the
// texts of the two about conflicts are our own: docs/behaviour/identities.md).

import { limits } from '../limits.ts'
import { forbiddenText } from './guest-rules.ts'
import type { LinkRefusal } from './link-rules.ts'

type ErrorName = 'NotAuthorizedException' | 'ResourceConflictException'

const errors: {
  readonly [Reason in LinkRefusal['refused']]: (identityId: string) => readonly [ErrorName, string]
} = {
  forbidden: (id) => ['NotAuthorizedException', forbiddenText(id)],
  'logins-do-not-match': () => [
    'NotAuthorizedException',
    "Logins don't match. Please include at least one valid login for this identity or identity pool.",
  ],
  conflict: () => ['ResourceConflictException', 'Logins are already linked to another account.'],
  'too-many-logins': () => [
    'ResourceConflictException',
    `An identity can not have more than ${limits.loginsPerIdentity.max} logins.`,
  ],
}

export const noSuchIdentityText = (identityId: string): string => `Identity '${identityId}' not found.`

/** Returns the outcome, or throws the error of a refusal. `identityId`: the identity that the caller named. */
export function requireLinked<Outcome extends { refused?: undefined }>(
  fail: (name: ErrorName, message: string) => Error,
  outcome: Outcome | LinkRefusal,
  identityId = '',
): Outcome {
  if (outcome.refused === undefined) return outcome as Outcome
  throw fail(...errors[outcome.refused](identityId))
}
