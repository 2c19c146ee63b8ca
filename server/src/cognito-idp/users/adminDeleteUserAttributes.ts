import { operation } from '../operation.ts'
import { dropUnneededCodes } from '../recovery-codes/recovery-codes.ts'
import {
  attributeProblem,
  immutableProblem,
  lastSignInNameProblem,
  mergeAttributes,
  requiredDeletionProblem,
} from './attribute-rules.ts'
import { changeNamedUser } from './require-user.ts'

/**
 * AdminDeleteUserAttributes: attributes that the user does not have are no error (docs/reference/user-pools.md 7.8).
 */
export const adminDeleteUserAttributes = operation(
  'AdminDeleteUserAttributes',
  async (context, { input, pool, fail }) => {
    const { settings } = pool
    const names = input.UserAttributeNames
    const blanks: Record<string, string> = Object.fromEntries(names.map((name) => [name, '']))
    const problem = attributeProblem(settings, blanks, 'user') ?? requiredDeletionProblem(settings, names)
    if (problem !== undefined) throw fail('InvalidParameterException', problem)
    await changeNamedUser(context, pool, input.Username, (user) => {
      const refusal =
        immutableProblem(settings, user.attributes, blanks) ?? lastSignInNameProblem(settings, user.attributes, blanks)
      if (refusal !== undefined) throw fail('InvalidParameterException', refusal)
      const changed = { ...user, attributes: mergeAttributes(user.attributes, blanks) }
      return { user: changed, after: (db) => dropUnneededCodes(db, pool, changed) }
    })
    return {}
  },
)
