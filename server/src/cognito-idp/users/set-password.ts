// A new password for a user: compared with those used before, made, written. The costly steps run before the transaction.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser } from './change-user.ts'
import { newCredential, wasUsedBefore } from './credentials.ts'
import { passwordHistorySize } from './password-rules.ts'
import type { StoredUser } from './user-store.ts'

const ATTEMPTS = 5

export type PasswordOutcome = { user: StoredUser } | { refused: 'unknown-user' | 'used-before' }

/**
 * Gives `user` a new password that follows the policy. `decide` gets the user with the new password and says what else
 * becomes of it, as in changeUser; `before` is what is stored now, whose password may be another than `user` had.
 * `admitted`: the request has already passed the queue of expensive work.
 * Refused are passwords that the pool's history rule still counts, and users who are gone.
 */
export async function setPassword(
  context: Context,
  pool: UserPool,
  user: StoredUser,
  password: string,
  decide: (user: StoredUser, db: Db, before: StoredUser) => StoredUser | Promise<StoredUser>,
  admitted = false,
): Promise<PasswordOutcome> {
  let known = user
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (await wasUsedBefore(context, pool, known, password)) return { refused: 'used-before' }
    const change = await newCredential(context, pool, known, password, admitted)
    try {
      const changed = await changeUser(context, pool, known.sub, (current, db) => {
        // The history was read before: what another password left in it meanwhile must not be lost.
        if (passwordHistorySize(pool.settings) > 0 && current.credential !== known.credential)
          throw new OtherPassword(current)
        return decide({ ...current, ...change }, db, current)
      })
      return changed ? { user: changed } : { refused: 'unknown-user' }
    } catch (error) {
      if (!(error instanceof OtherPassword)) throw error
      known = error.user
    }
  }
  throw new Error(`The password of user ${user.sub} changed ${ATTEMPTS} times while one was set.`)
}

/** Undoes an attempt whose user got another password meanwhile. */
class OtherPassword extends Error {
  readonly user: StoredUser
  constructor(user: StoredUser) {
    super('the password changed meanwhile')
    this.user = user
  }
}
