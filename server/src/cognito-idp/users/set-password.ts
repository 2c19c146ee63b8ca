// Sets a new password: compares it with the history, makes the credential, writes it. The costly steps run while the
// change is prepared, not in its transaction.
import type { Context } from '../../context.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser, type UserPlan } from './change-user.ts'
import { type CredentialChange, newCredential, wasUsedBefore } from './credentials.ts'
import { passwordHistorySize } from './password-rules.ts'
import type { StoredUser } from './user-store.ts'

export type PasswordOutcome = { user: StoredUser } | { refused: 'unknown-user' | 'used-before' }

/**
 * Gives `user` a new password, which the caller has checked against the policy. `prepare` gets the user with the new
 * password and plans the rest of the change, as in changeUser; `before` is the stored user, whose password may have
 * been changed since `user` was read.
 * Refuses a password that PasswordHistorySize forbids to reuse, and a user who was deleted.
 */
export async function setPassword(
  context: Context,
  pool: UserPool,
  user: StoredUser,
  password: string,
  prepare: (user: StoredUser, before: StoredUser) => UserPlan | Promise<UserPlan>,
): Promise<PasswordOutcome> {
  const keepsHistory = passwordHistorySize(pool.settings) > 0
  let prepared: { from: StoredUser; change: CredentialChange } | undefined
  try {
    const changed = await changeUser(context, pool, user, async (current) => {
      // Made once, and again only when another password was set meanwhile, which the history must contain.
      if (!prepared || (keepsHistory && current.credential !== prepared.from.credential)) {
        if (await wasUsedBefore(context, pool, current, password)) throw new UsedBefore()
        prepared = { from: current, change: await newCredential(context, pool, current, password) }
      }
      return prepare({ ...current, ...prepared.change }, current)
    })
    return changed ? { user: changed } : { refused: 'unknown-user' }
  } catch (error) {
    if (error instanceof UsedBefore) return { refused: 'used-before' }
    throw error
  }
}

/** Thrown while preparing when PasswordHistorySize forbids to reuse the password. */
class UsedBefore extends Error {}
