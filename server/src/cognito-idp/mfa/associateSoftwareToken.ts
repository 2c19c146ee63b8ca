// AssociateSoftwareToken: a new secret for an authenticator app, shown this once. By access token it waits in the database
// until VerifySoftwareToken, and an earlier one works until then; by session it waits in the next session.
// docs/reference/user-pools.md 9.9.
import { operation } from '../operation.ts'
import { spendSession } from '../sign-in/session.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { touchUser } from '../users/user-store.ts'
import { whileSettingUp } from './setting-up.ts'
import { putPendingSecret } from './software-token-store.ts'
import { newSecret, requireSoftwareTokens, sealSecret } from './software-tokens.ts'

export const associateSoftwareToken = operation('AssociateSoftwareToken', async (context, { input, caller, pool }) => {
  const SecretCode = newSecret(context)
  if (caller.kind === 'user') {
    requireSoftwareTokens(pool as UserPool)
    const { user } = caller
    const sealed = sealSecret(context, user, SecretCode)
    const written = await context.database.transaction(async (db) => {
      // The user's row as well, so that no token outlives its user.
      if (!(await touchUser(db, user.userPoolId, user.sub))) return false
      await putPendingSecret(db, user, sealed)
      return true
    })
    if (!written) throw noSuchUserError()
    return { SecretCode }
  }
  return whileSettingUp(context, input.Session, async ({ pool: place, session, next }) => {
    await spendSession(context.db, place.id, session)
    return { SecretCode, Session: next({ secret: SecretCode }) }
  })
})
