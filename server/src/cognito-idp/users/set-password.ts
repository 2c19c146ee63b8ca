// A new password for a user: compared with those used before, made, written. The costly steps run while the change is
// prepared, not in its transaction.
import type { Context } from '../../context.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser, type UserPlan } from './change-user.ts'
import { type CredentialChange, newCredential, wasUsedBefore } from './credentials.ts'
import { passwordHistorySize } from './password-rules.ts'
import type { StoredUser } from './user-store.ts'

export type PasswordOutcome = { user: StoredUser } | { refused: 'unknown-user' | 'used-before' }

/**
 * Gives `user` a new password that follows the policy. `prepare` gets the user with the new password and plans what else
 * becomes of it, as in changeUser; `before` is what is stored now, whose password may be another than `user` had.
 * `admitted`: the request has already passed the queue of expensive work.
 * Refused are passwords that the pool's history rule still counts, and users who are gone.
 */
export async function setPassword(
  context: Context,
  pool: UserPool,
  user: StoredUser,
  password: string,
  prepare: (user: StoredUser, before: StoredUser) => UserPlan | Promise<UserPlan>,
  admitted = false,
): Promise<PasswordOutcome> {
  const keepsHistory = passwordHistorySize(pool.settings) > 0
  let made: { from: StoredUser; change: CredentialChange } | undefined
  try {
    const changed = await changeUser(context, pool, user, async (current) => {
      // Made once, unless another password was set meanwhile that must not be lost from the history.
      if (!made || (keepsHistory && current.credential !== made.from.credential)) {
        if (await wasUsedBefore(context, pool, current, password)) throw new UsedBefore()
        made = { from: current, change: await newCredential(context, pool, current, password, admitted) }
      }
      return prepare({ ...current, ...made.change }, current)
    })
    return changed ? { user: changed } : { refused: 'unknown-user' }
  } catch (error) {
    if (error instanceof UsedBefore) return { refused: 'used-before' }
    throw error
  }
}

/** Ends the preparation of a password that the history rule still counts. */
class UsedBefore extends Error {}
