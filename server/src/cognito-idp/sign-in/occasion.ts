// Whom and what the triggers of a sign-in are told about. Pure. docs/reference/user-pools.md 13.1, 13.3.
import type { Occasion } from '../../triggers/call.ts'
import type { Texts } from '../../triggers/trigger.ts'
import { triggerAttributes } from '../users/trigger-attributes.ts'
import type { Place, Signer } from './sign-in.ts'

export const occasionOf = <Source extends string>(
  { pool, client }: Place,
  { userId }: Pick<Signer, 'userId'>,
  source: Source,
): Occasion<Source> => ({ pool, userName: userId, clientId: client.clientId, source })

/** The user's attributes; none for a name that belongs to nobody, which the triggers are told. */
export const whoOf = ({ user }: Signer): { userAttributes: Texts; userNotFound?: true } =>
  user ? { userAttributes: triggerAttributes(user) } : { userAttributes: {}, userNotFound: true }
