// The invitation of a user made by an administrator: name and temporary password, to the media that were asked for.
import type { Context } from '../../context.ts'
import type { DeliveryMediumType } from '../../contract/cognito-idp.types.ts'
import type { Db } from '../../database/database.ts'
import { renderMessage } from '../codes/templates.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { invitesWithoutPassword, nameInMessage } from './new-user-rules.ts'
import type { StoredUser } from './user-store.ts'

/** Where an invitation goes when a request does not say (docs/reference/user-pools.md 7.5). */
const DEFAULT_MEDIA: readonly DeliveryMediumType[] = ['SMS']

/**
 * Queues the invitation, in the caller's transaction. A medium for which the user has no address is left out. A user
 * made without a password is only invited by words of the pool's own that speak of none.
 */
export async function queueInvitation(
  context: Context,
  db: Db,
  pool: UserPool,
  user: StoredUser,
  password: string | undefined,
  media: readonly DeliveryMediumType[] = DEFAULT_MEDIA,
): Promise<void> {
  for (const medium of new Set(media)) {
    const attribute = medium === 'EMAIL' ? 'email' : 'phone_number'
    const to = user.attributes[attribute]
    if (to === undefined || (password === undefined && !invitesWithoutPassword(pool.settings, medium))) continue
    const username = nameInMessage(pool.settings, user, attribute)
    const request = {
      pool,
      kind: 'invitation',
      attribute,
      to,
      code: password ?? '',
      username,
      userSub: user.sub,
      config: context.config,
    } as const
    await context.outbox.enqueue(db, context.outbox.prepare(renderMessage(request)))
  }
}
