// Refuses passwords that are known from breaches, in pools whose threat protection says so (docs/reference/user-pools.md 15).
import type { Context } from '../../context.ts'
import type { EventFilterType } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { onCompromised } from './protection-rules.ts'

export const COMPROMISED_MESSAGE = 'Provided password cannot be used for security reasons.'

interface Place {
  readonly pool: UserPool
  /** Undefined for an administrator's operation, which belongs to no app client. */
  readonly client?: UserPoolClient
}

/**
 * What the pool does about this password at an event: `refuse` or `note` for a compromised one. Asks nobody where the pool
 * does nothing.
 */
export async function compromisedAt(
  { breachedPasswords, aside }: Pick<Context, 'breachedPasswords' | 'aside'>,
  { pool, client }: Place,
  event: EventFilterType,
  password: string,
): Promise<'refuse' | 'note' | undefined> {
  const action = onCompromised(pool.settings, client?.settings, event)
  return action !== 'off' && (await aside(() => breachedPasswords.has(password))) ? action : undefined
}

/**
 * Throws InvalidPasswordException for a password that the pool refuses at a sign-up, or as a new one. Gives true for one that
 * is compromised and only noted.
 */
export async function requireUncompromised(
  context: Pick<Context, 'breachedPasswords' | 'aside'>,
  place: Place,
  event: EventFilterType,
  password: string,
): Promise<boolean> {
  const action = await compromisedAt(context, place, event, password)
  if (action === 'refuse') throw new ApiError('InvalidPasswordException', COMPROMISED_MESSAGE)
  return action === 'note'
}
