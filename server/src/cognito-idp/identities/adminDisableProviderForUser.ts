import { providerDisabled } from '../../events.ts'
import { operation } from '../operation.ts'
import { changeUser } from '../users/change-user.ts'
import { withoutCredential } from '../users/credentials.ts'
import { changeNamedUser, NO_SUCH_USER_MESSAGE } from '../users/require-user.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { NameTaken } from '../users/user-store.ts'
import { findByMatches } from './identity-store.ts'
import { LOCAL_PROVIDER, matchOf, withoutSignIn } from './link-rules.ts'

/**
 * AdminDisableProviderForUser: ends sign-in by one identity or, for the provider Cognito, by password
 * (docs/reference/oauth-and-federation.md 19.5, docs/behaviour/federation.md).
 */
export const adminDisableProviderForUser = operation(
  'AdminDisableProviderForUser',
  async (context, { input, pool, fail }) => {
    const match = matchOf('User', input.User)
    if ('refused' in match) throw fail(match.refused, match.message)
    try {
      if (match.provider === LOCAL_PROVIDER) {
        const { sub } = await changeNamedUser(context, pool, match.value, (user) => ({
          user: { ...user, ...withoutCredential(context, pool, user), status: 'EXTERNAL_PROVIDER' },
        }))
        providerDisabled(context, { pool: pool.id, sub, provider: LOCAL_PROVIDER })
        return {}
      }
      const found = await findByMatches(context.db, pool.id, [match])
      const changed =
        found && (await changeUser(context, pool, found.user, (user) => ({ user: withoutSignIn(user, match) })))
      if (!changed) throw fail('UserNotFoundException', NO_SUCH_USER_MESSAGE)
      providerDisabled(context, { pool: pool.id, sub: changed.sub, provider: match.provider })
      return {}
    } catch (error) {
      // Leaving UNCONFIRMED turns the preferred username into an alias, which another user may hold.
      if (error instanceof NameTaken) throw fail('AliasExistsException', nameTakenMessage(error.kind))
      throw error
    }
  },
)
