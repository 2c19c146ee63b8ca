// The invitation of a user created by an administrator: username and temporary password, sent by the requested media.
import type { Context } from '../../context.ts'
import type { DeliveryMediumType } from '../../contract/cognito-idp.types.ts'
import type { PreparedMessage } from '../../messages/outbox.ts'
import { prepareMessage } from '../codes/prepare-message.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { invitesWithoutPassword, nameInMessage } from './new-user-rules.ts'
import type { StoredUser } from './user-store.ts'

/** The default of DesiredDeliveryMediums (docs/reference/user-pools.md 7.5). */
const DEFAULT_MEDIA: readonly DeliveryMediumType[] = ['SMS']

/**
 * The invitation, ready for `outbox.enqueue`: a message for each medium. A medium for which the user has no address is
 * left out. A user without a password is invited only if the pool's own template has no placeholder for one. Rejects
 * with CodeDeliveryFailureException when no delivery is configured for a medium.
 */
export async function prepareInvitation(
  context: Context,
  pool: UserPool,
  user: StoredUser,
  password: string | undefined,
  media: readonly DeliveryMediumType[] = DEFAULT_MEDIA,
  clientMetadata?: Record<string, string>,
): Promise<PreparedMessage[]> {
  const messages = [...new Set(media)].flatMap((medium) => {
    const attribute = medium === 'EMAIL' ? 'email' : 'phone_number'
    const to = user.attributes[attribute]
    if (to === undefined || (password === undefined && !invitesWithoutPassword(pool.settings, medium))) return []
    const username = nameInMessage(pool.settings, user, attribute)
    const code = password ?? ''
    const request = { pool, user, kind: 'invitation', attribute, to, code, username } as const
    return [{ ...request, clientId: undefined, clientMetadata }]
  })
  const cause = { asker: 'administrator', proven: false } as const
  return Promise.all(messages.map((message) => prepareMessage(context, message, cause)))
}
