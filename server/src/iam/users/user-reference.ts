// The user of an operation: the one that the input names, else the caller.
import { ApiError } from '../../errors.ts'
import type { SignedCaller } from '../../operation.ts'
import { named, type Reference } from '../entity-changes.ts'
import { noSuchNameError } from '../iam-errors.ts'

/** Throws ValidationError when no user is named and the caller is not a user but the root or a session of a role. */
export function userOrCaller({ principal }: SignedCaller, name: string | undefined): Reference<'user'> {
  if (name !== undefined) return named('user', name)
  if (principal.kind !== 'user' && principal.kind !== 'user-session')
    throw new ApiError('ValidationError', 'Must specify userName when calling with non-User credentials')
  const { key, id, settings } = principal.user
  return {
    kind: 'user',
    key,
    means: (user) => user.id === id,
    notFoundError: () => noSuchNameError('user', settings.name),
  }
}
