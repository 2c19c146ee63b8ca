import { removeLogins } from '../identities/change-identity.ts'
import { findOwnerId } from '../identities/identity-store.ts'
import { isSameLogin } from '../identities/login-rules.ts'
import { requireIdentityOf } from '../identities/require-identity.ts'
import { operation } from '../operation.ts'
import { developerLogin, noSuchUserError } from './developer-login.ts'

/**
 * Unlinks a developer's user from an identity; an identity left without logins has no owner
 * (docs/reference/identity-pools-sts-iam-sync.md 9).
 */
export const unlinkDeveloperIdentity = operation('UnlinkDeveloperIdentity', async (context, { input, pool, fail }) => {
  const login = developerLogin(pool, input.DeveloperProviderName, input.DeveloperUserIdentifier)
  const identity = await requireIdentityOf(context, pool.id, input.IdentityId)
  const owner = await findOwnerId(context.db, pool.id, login)
  if (owner === undefined) throw noSuchUserError(login.subject)
  if (owner !== identity.id)
    throw fail('ResourceConflictException', 'The developer user identifier is linked to another identity.')
  await removeLogins(context, identity.id, (current) => current.logins.filter((linked) => isSameLogin(linked, login)))
})
