import { findIdentity } from '../../cognito-identity/identities/identity-store.ts'
import { noSuchIdentityText } from '../../cognito-identity/identities/link-refusals.ts'
import { operation } from '../operation.ts'
import { newTicket } from './ticket.ts'

export const createStreamTicket = operation(
  'CreateStreamTicket',
  async (context, { input, caller, identity, fail }) => {
    const { IdentityPoolId: poolId, IdentityId: id } = input
    // Of its own pool an identity need not be asked; others could name one of a pool that is not theirs to listen to.
    const ownPool = identity?.id === id && identity.poolId === poolId
    if (!ownPool && (await findIdentity(context.db, id))?.poolId !== poolId)
      throw fail('ResourceNotFoundException', noSuchIdentityText(id))
    const { text, opensUntil, streamsUntil } = newTicket(context, { poolId, id }, caller.principal.session?.expiresAt)
    return { Ticket: text, Expiration: new Date(opensUntil), StreamExpiration: new Date(streamsUntil) }
  },
)
