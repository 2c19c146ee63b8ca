// Tells the PostConfirmation trigger of a pool after a user was confirmed or has set a forgotten password
// (docs/reference/user-pools.md 13.2).
import type { Context } from '../../context.ts'
import { callTrigger } from '../../triggers/call.ts'
import { postConfirmation } from '../../triggers/events/post-confirmation.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { triggerAttributes } from './trigger-attributes.ts'
import type { StoredUser } from './user-store.ts'

interface Confirmed {
  pool: UserPool
  /** As it is stored now. */
  user: Pick<StoredUser, 'sub' | 'username' | 'status' | 'attributes'>
  clientId: string | undefined
  by: 'ConfirmSignUp' | 'ConfirmForgotPassword'
  clientMetadata: Record<string, string> | undefined
}

/**
 * Call it after the transaction: what the trigger throws is answered, and undoes nothing. The function may tell others of
 * the change, so that must not be lost.
 */
export async function tellConfirmed(
  context: Context,
  { pool, user, clientId, by, clientMetadata }: Confirmed,
): Promise<void> {
  await context.database.durable()
  const source = `PostConfirmation_${by}` as const
  const occasion = { pool, userName: user.username, clientId, source }
  await callTrigger(context, postConfirmation, occasion, { userAttributes: triggerAttributes(user), clientMetadata })
}
