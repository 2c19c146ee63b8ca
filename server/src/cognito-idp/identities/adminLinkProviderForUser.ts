import type { Context } from '../../context.ts'
import { providerLinked } from '../../events.ts'
import { enforce, type Refusal } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser } from '../users/change-user.ts'
import { NO_SUCH_USER_MESSAGE } from '../users/require-user.ts'
import { findUser, NameTaken, type StoredUser } from '../users/user-store.ts'
import { federatedUsername } from './federated-user-rules.ts'
import { type IdentityMatch, SUBJECT } from './identity-rules.ts'
import { findByMatches } from './identity-store.ts'
import { countLinkAttribute } from './link-attributes.ts'
import {
  attributeRefusal,
  HAS_SIGNED_UP,
  LINKED_ELSEWHERE,
  LOCAL_PROVIDER,
  LOCAL_SOURCE,
  linked,
  matchOf,
} from './link-rules.ts'
import { providerOfPool } from './provider-of-pool.ts'

/**
 * AdminLinkProviderForUser: a user of the pool signs in with an identity at an external provider as well
 * (docs/reference/oauth-and-federation.md 19.5).
 */
export const adminLinkProviderForUser = operation(
  'AdminLinkProviderForUser',
  async (context, { input, pool, fail }) => {
    const source = matchOf('SourceUser', input.SourceUser)
    if ('refused' in source) throw fail(source.refused, source.message)
    const target = matchOf('DestinationUser', input.DestinationUser)
    if ('refused' in target) throw fail(target.refused, target.message)
    if (source.provider === LOCAL_PROVIDER) enforce(fail, LOCAL_SOURCE)
    const provider = await providerOfPool(context, pool, source.provider)
    if (!provider) throw fail('ResourceNotFoundException', `Identity provider ${source.provider} does not exist.`)
    enforce(fail, attributeRefusal(provider, source))
    const [destination, reserved] = await Promise.all([
      findDestination(context, pool, target),
      reservedRefusal(context, pool, source),
    ])
    enforce(fail, reserved)
    if (destination) await countLinkAttribute(context, pool, source)
    const now = context.clock.now()
    try {
      const changed =
        destination &&
        (await changeUser(context, pool, destination, (user) => {
          const link = linked(user, provider, source, now)
          if ('refused' in link) throw fail(link.refused, link.message)
          return link
        }))
      if (!changed) throw fail('UserNotFoundException', NO_SUCH_USER_MESSAGE)
      providerLinked(context, { pool: pool.id, sub: changed.sub, provider: provider.name })
      return {}
    } catch (error) {
      if (error instanceof NameTaken) throw fail(LINKED_ELSEWHERE.refused, LINKED_ELSEWHERE.message)
      throw error
    }
  },
)

/** A local user by name; a federated one by an identity, whose username it need not know. */
const findDestination = async (
  { db }: Pick<Context, 'db'>,
  pool: UserPool,
  target: IdentityMatch,
): Promise<StoredUser | undefined> =>
  target.provider === LOCAL_PROVIDER
    ? findUser(db, pool, target.value)
    : (await findByMatches(db, pool.id, [target]))?.user

/** Why a source is not free for a link: it has a user of its own, or somebody has the username of that user. */
async function reservedRefusal(
  { db }: Pick<Context, 'db'>,
  pool: UserPool,
  source: IdentityMatch,
): Promise<Refusal | undefined> {
  if ((await findByMatches(db, pool.id, [source]))?.identity.primary) return HAS_SIGNED_UP
  if (source.attribute !== SUBJECT) return undefined
  const username = federatedUsername(pool.settings, { provider: source.provider, subject: source.value })
  const holder = await findUser(db, pool, username)
  return holder && holder.status !== 'EXTERNAL_PROVIDER' ? LOCAL_SOURCE : undefined
}
