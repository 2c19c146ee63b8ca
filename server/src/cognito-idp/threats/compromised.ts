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

/** Whether the pool refuses this password for an event. Asks nobody where it refuses none. */
export const isRefusedAsCompromised = async (
  { breachedPasswords, aside }: Pick<Context, 'breachedPasswords' | 'aside'>,
  { pool, client }: Place,
  event: EventFilterType,
  password: string,
): Promise<boolean> =>
  onCompromised(pool.settings, client?.settings, event) === 'refuse' && aside(() => breachedPasswords.has(password))

/** Throws InvalidPasswordException for a password that the pool refuses at a sign-up, or as a new one. */
export async function requireUncompromised(
  context: Pick<Context, 'breachedPasswords' | 'aside'>,
  place: Place,
  event: EventFilterType,
  password: string,
): Promise<void> {
  if (await isRefusedAsCompromised(context, place, event, password))
    throw new ApiError('InvalidPasswordException', COMPROMISED_MESSAGE)
}
